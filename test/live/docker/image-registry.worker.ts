// A process of its own: the worker that uses it waits for programs, and answers nobody meanwhile.
import { serveImages } from "./engine-images.ts";

const [folder = ""] = process.argv.slice(2);
console.log(JSON.stringify(await serveImages(folder)));
