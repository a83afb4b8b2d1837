// Builds dist/twitchwise.js: one script with everything in it. Mends deep-chat where it has no setting for it; each mend must fit
// exactly once, so that a new version of deep-chat cannot slip through unmended.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const LIMIT = 200_000;

const MENDS = [
  {
    why: "asks a third party for a web font",
    from: 'ht.FONT_URL="https://fonts.googleapis.com/css2?family=Inter:wght@400;600&display=swap"',
    to: 'ht.FONT_URL=""',
  },
  {
    why: "adds a <link> for that font",
    from: 'e.rel="stylesheet",e.href=t.FONT_URL,i.appendChild(e)',
    to: "void e",
  },
  {
    why: "lets every scheme through in links, javascript: too",
    from: "s.inline.validateLink=()=>!0",
    to: "s.inline.validateLink=t=>/^(https?:\\/\\/|tel:|sms:|mailto:)/i.test(t)",
  },
  {
    why: "loads pictures from anywhere; the assistant sends none",
    from: "Ee.image=function(t,e,s){",
    to: "Ee.image=function(t,e,s){return Ce(t[e].alt||'');",
  },
  {
    why: "reads the words of a person as markdown",
    from: "i.innerHTML=this._remarkable.render(e),",
    to: '"user"===s||"staff"===s?i.textContent=e:i.innerHTML=this._remarkable.render(e),',
  },
  {
    why: "reads spoken words, and what was typed beside them, as markup",
    from: "this.finalSpan.innerHTML=r;",
    to: "this.finalSpan.textContent=r;",
  },
  {
    why: "reads words that are being spoken as markup",
    from: "this.interimSpan.innerHTML=u,",
    to: "this.interimSpan.textContent=u,",
  },
  {
    why: "puts tags into spoken words",
    from: 'static lineBreak(e){return e.replace(t.DOUBLE_LINE,"<p></p>").replace(t.ONE_LINE,"<br>")}',
    to: "static lineBreak(e){return e}",
  },
];

const mendDeepChat = {
  name: "mend-deep-chat",
  setup(build) {
    build.onLoad({ filter: /deepChat\.bundle\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const { why, from, to } of MENDS) {
        const found = contents.split(from).length - 1;
        if (found !== 1) throw new Error(`deep-chat: the place that "${why}" was found ${found} times; look at it again.`);
        contents = contents.replace(from, () => to);
      }
      return { contents, loader: "js" };
    });
  },
};

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/index.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15.4"],
  legalComments: "none",
  charset: "utf8",
  loader: { ".css": "text", ".svg": "text" },
  banner: { js: "/* Twitchwise, Apache-2.0. Contains deep-chat, remarkable, speech-to-element, socket.io-client (MIT). */" },
  plugins: [mendDeepChat],
  write: false,
  logLevel: "warning",
});

const body = Buffer.from(result.outputFiles[0].contents);
const zipped = gzipSync(body, { level: 9 }).length;
if (zipped > LIMIT) throw new Error(`The bundle has ${zipped} bytes compressed; the limit is ${LIMIT}.`);
await mkdir(join(here, "dist"), { recursive: true });
await writeFile(join(here, "dist", "twitchwise.js"), body);
const hash = createHash("sha256").update(body).digest("hex");
console.log(`web/dist/twitchwise.js: ${body.length} bytes, ${zipped} compressed, sha256 ${hash.slice(0, 16)}`);
