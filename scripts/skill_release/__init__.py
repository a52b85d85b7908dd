"""From a green run to an installed skill: what is shipped, how it is packed, and how a version is made."""
