// Opens a page in Chromium as readers with several screens do, and says on stdout what was seen, as JSON:
// node look.mjs CHROMIUM PAGE FOLDER, where screenshots go to FOLDER.
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [chromium, page, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = [
  { width: 400, scheme: "light", judged: true },
  { width: 400, scheme: "dark" },
  { width: 1400, scheme: "light" },
  { width: 1400, scheme: "dark", judged: true },
]; // what axe-core judges, it judges slowly: each scheme once, each width once
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], resultTypes: ["violations"] };

async function look(browser, { width, scheme, judged }) {
  const tab = await browser.newPage();
  const said = [];
  const asked = [];
  tab.on("console", (message) => said.push(message.text()));
  tab.on("pageerror", (error) => said.push(String(error)));
  tab.on("request", (request) => asked.push(request.url()));
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await tab.goto(pathToFileURL(page).href, { waitUntil: "load" });
  await tab.screenshot({ path: join(folder, `${width}-${scheme}.png`), clip: { x: 0, y: 0, width, height: 6000 } });
  const seen = await tab.evaluate(() => {
    const wide = (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
    const anchors = [...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute("href").slice(1));
    return {
      paper: getComputedStyle(document.body).backgroundColor,
      beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      wide: [...document.querySelectorAll("body *")].filter(wide).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)),
      anchors: anchors.length,
      dead: anchors.filter((id) => !document.getElementById(id)),
    };
  });
  const violations = judged ? await judge(tab) : [];
  await tab.close();
  return { width, scheme, said, asked: asked.slice(1), violations, ...seen };
}

async function judge(tab) {
  await tab.evaluate(axe);
  const found = await tab.evaluate((rules) => globalThis.axe.run(document, rules), RULES);
  return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html).join(" | ")}`);
}

const profile = mkdtempSync(join(tmpdir(), "look-"));
const browser = await puppeteer.launch({
  executablePath: chromium,
  userDataDir: profile,
  args: [
    ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  ],
});
try {
  const views = [];
  for (const view of VIEWS) views.push(await look(browser, view));
  console.log(JSON.stringify(views));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
