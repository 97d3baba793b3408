import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { InferenceServer, type InferenceServerArgs } from "./inference-server.ts";
import { type ModelRoutesOptions, modelRoutes } from "./model-route.ts";

const base: InferenceServerArgs = {
  connection: { host: "10.220.1.20", user: "agent", privateKey: "k", hostKey: "h" },
  address: "10.220.1.20",
  network: "10.220.1.0/24",
  ollama: { version: "0.13.0", sha256: "a".repeat(64) },
  models: [{ name: "llama3:70b", digest: "b".repeat(64) }],
};
const create = (args: Partial<InferenceServerArgs> = {}) =>
  record((options) => new InferenceServer("ollama", { ...base, ...args }, options));

describe("InferenceServer", () => {
  test("listens in the fleet's network only, behind a firewall that is there first", async () => {
    const { resources, component, outputs } = await create();
    const inputs = (role: string) => resources.find(({ name }) => name === `ollama-${role}`)?.inputs;
    expect(inputs("firewall")?.["setup"]).toContain("allow from 10.220.1.0/24 to any port 11434 proto tcp");
    expect(inputs("server")?.["files"]).toEqual([
      {
        path: "/etc/systemd/system/ollama.service",
        content: expect.stringContaining("OLLAMA_HOST=10.220.1.20:11434 "),
      },
    ]);
    const models = [{ provider: "ollama", model: "llama3:70b", url: "http://10.220.1.20:11434" }];
    expect(component.models).toEqual(models);
    expect(outputs).toEqual({ url: "http://10.220.1.20:11434", models });
  });

  test("compares a model with its digest before anybody asks it, and sees to its GPUs", async () => {
    const { resources } = await create({ gpus: 2 });
    const inputs = resources.find(({ name }) => name === "ollama-server")?.inputs;
    expect(inputs?.["setup"]).toContain(
      `/var/lib/ollama/models/manifests/registry.ollama.ai/library/llama3/70b' | cut -c 1-64)`,
    );
    expect(inputs?.["check"]).toContain('[ "$gpus" -ge 2 ]');
  });

  test("takes Ollama in the form that its version comes in, and can unpack it", async () => {
    const sha256 = "a".repeat(64);
    const setupOf = async (ollama: InferenceServerArgs["ollama"]) => {
      const { resources } = await create({ ollama });
      return String(resources.find(({ name }) => name === "ollama-server")?.inputs["setup"]);
    };
    const [old, today] = [
      await setupOf({ version: "0.13.5", sha256 }),
      await setupOf({ version: "0.14.0", sha256 }),
    ];
    expect(old).toContain("/v0.13.5/ollama-linux-amd64.tgz'");
    expect(old).not.toContain("zstd");
    expect(today).toContain("/v0.14.0/ollama-linux-amd64.tar.zst'");
    expect(today).toContain("curl zstd");
    expect(await setupOf({ version: "1.0.0", sha256, url: "https://mirror.example/o.tgz" })).not.toContain(
      "zstd",
    );
  });

  test.each<[Partial<InferenceServerArgs>, string]>([
    [{ address: "0.0.0.0" }, 'address is "0.0.0.0"'],
    [{ gpus: -1 }, "gpus is -1"],
    [{ ollama: { version: "latest build", sha256: "a".repeat(64) } }, "the version of Ollama"],
    [{ models: [{ name: "llama3", digest: "b".repeat(64) }] }, "give it with its tag"],
    [{ models: [{ name: "llama3:8b", digest: "b" }] }, "the digest of llama3:8b"],
    [{ driverPackages: ["nvidia; reboot"] }, "is no name of a Debian package"],
    [{ network: "everywhere" }, "is no address or network"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});

describe("the models that an agent asks", () => {
  test("are the local ones first, then Anthropic, OpenAI and Google, whatever order they are given in", async () => {
    const { component } = await create();
    const routes = modelRoutes({
      local: component.models,
      cloud: { google: "g", openai: "o", anthropic: "a" },
    });
    expect(routes.map(({ provider, model }) => `${provider}/${model}`)).toEqual([
      "ollama/llama3:70b",
      "anthropic/a",
      "openai/o",
      "google/g",
    ]);
  });

  const local = { provider: "ollama", model: "a:b", url: "http://10.0.0.1:11434" } as const;
  test.each<[ModelRoutesOptions, string]>([
    [{ cloud: {} }, "no model is named"],
    [{ local: [local, local], cloud: {} }, "is there twice"],
    [{ local: [{ ...local, url: "http://10.0.0.1:11434/v1" }], cloud: {} }, "is no address of a server"],
  ])("are refused: %o", (options, message) => {
    expect(() => modelRoutes(options)).toThrow(message);
  });
});
