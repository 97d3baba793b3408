import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GroundplaneError } from "@groundplane/contracts";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { build } from "esbuild";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { watchMemory } from "./process-tree.ts";
import { benchEngine, type Measured } from "./run-side.ts";

const SCRATCH = fileURLToPath(new URL("../.groundplane/", import.meta.url));

/** What Groundplane's environment puts before the engine's own file of this name. */
const GROUNDPLANE_STARTER = join(
  dirname(createRequire(import.meta.url).resolve("@groundplane/orchestrator/package.json")),
  "engine/packs/pulumi-analyzer-policy",
);

/** A pack's module, by who writes it. */
const ENTRIES = {
  groundplane: (count: number) =>
    `import { toPulumiPack } from "@groundplane/policy/pulumi";
import { groundplaneRules } from "./many-rules.ts";
toPulumiPack(groundplaneRules(${count}));`,
  stock: (count: number) =>
    `import { PolicyPack } from "@pulumi/policy";
import { stockRules } from "./many-rules.ts";
new PolicyPack("many-rules", stockRules(${count}));`,
};

/** A pack folder with so many rules, bundled into one file as packs are published. The caller deletes it. */
export async function makePack(writer: keyof typeof ENTRIES, rules: number): Promise<string> {
  await mkdir(SCRATCH, { recursive: true });
  const folder = await mkdtemp(join(SCRATCH, "pack-"));
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: pack.mjs\n");
  await writeFile(
    join(folder, "package.json"),
    '{ "name": "many-rules", "version": "1.0.0", "type": "module", "main": "pack.mjs" }\n',
  );
  await build({
    stdin: {
      contents: ENTRIES[writer](rules),
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      loader: "ts",
    },
    outfile: join(folder, "pack.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["@pulumi/*"],
    logLevel: "silent",
  });
  return folder;
}

export const removePack = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

type AnalyzeReply = InstanceType<typeof analyzer.AnalyzeResponse>;
type PackFacts = InstanceType<typeof analyzer.AnalyzerInfo>;

function resource(index: number): InstanceType<typeof analyzer.AnalyzeRequest> {
  const request = new analyzer.AnalyzeRequest();
  const type = "aws:ssm/parameter:Parameter";
  request.setType(type);
  request.setName(`parameter-${index}`);
  request.setUrn(`urn:pulumi:bench::bench::${type}::parameter-${index}`);
  const tags = { Environment: "bench", Project: "bench", Owner: "bench", ManagedBy: "groundplane" };
  request.setProperties(
    struct.Struct.fromJavaScript({
      name: `parameter-${index}`,
      type: "String",
      value: `value ${index}`,
      tags,
    }),
  );
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  return request;
}

/** One call of the engine's to a pack. */
function call<Reply>(
  begin: (callback: (error: Error | null, reply: Reply) => void) => unknown,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    begin((error, reply) => (error === null ? resolve(reply) : reject(error)));
  });
}

async function analyzeAll(client: AnalyzerClient, resources: number): Promise<void> {
  for (let index = 0; index < resources; index += 1) {
    const reply = await call<AnalyzeReply>((done) => client.analyze(resource(index), done));
    const said = reply.getDiagnosticsList();
    if (said.length > 0) throw new TypeError(`parameter-${index}: ${said[0]?.getMessage()}`);
  }
}

/**
 * Starts a pack as the engine does, and has it check resources one by one, as the engine does.
 *
 * @param options.compileCache Whether Node keeps what it compiles and our own file starts the pack, as under Groundplane.
 * @returns `start`: until it has told its rules; `analyze`: for all resources.
 */
export async function runPack(
  folder: string,
  resources: number,
  { compileCache }: { readonly compileCache: boolean },
): Promise<Measured> {
  const { policyShim, binDir } = await benchEngine();
  const starter = compileCache ? GROUNDPLANE_STARTER : policyShim;
  const startedAt = performance.now();
  const pack = spawn(starter, ["127.0.0.1:0", "."], {
    cwd: folder,
    env: {
      PATH: [binDir, process.env["PATH"]].join(":"),
      HOME: process.env["HOME"],
      ...(compileCache ? { NODE_COMPILE_CACHE: join(folder, "cache") } : {}),
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const memory = watchMemory(pack.pid ?? 0, 50);
  try {
    const port = await portOf(pack);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    try {
      const info = await call<PackFacts>((done) => client.getAnalyzerInfo(new empty.Empty(), done));
      const toldAt = performance.now();
      await analyzeAll(client, resources);
      const endedAt = performance.now();
      const peakMiB = memory.end();
      return {
        ms: endedAt - startedAt,
        ...(peakMiB === undefined ? {} : { peakMiB }),
        parts: {
          start: toldAt - startedAt,
          analyze: endedAt - toldAt,
          rules: info.getPoliciesList().length,
        },
        stacks: {},
      };
    } finally {
      client.close();
    }
  } finally {
    memory.end();
    // Its own group: the shim is a shell that started Node.
    if (pack.pid !== undefined) process.kill(-pack.pid, "SIGKILL");
  }
}

/** A plugin says its port in its first line. */
function portOf(pack: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    pack.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      if (said.includes("\n")) resolve(Number.parseInt(said, 10));
    });
    let errors = "";
    pack.stderr?.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString("utf8")).slice(-2048);
    });
    pack.on("error", reject);
    pack.on("exit", (code) =>
      reject(new GroundplaneError("POLICY_PACK_FAILED", `the pack ended with ${code}: ${errors}`)),
    );
  });
}
