"""Validator for agent skills: reads a skill, checks it, runs its examples, proves its traps."""
