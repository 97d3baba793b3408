import { GroundplaneError, nameOfUrn, typeOfUrn } from "@groundplane/contracts";
import { type Properties, secretTexts } from "@groundplane/provider";
import {
  answers,
  diffResponse,
  readProperties as read,
  writeProperties as write,
} from "@groundplane/provider/service";
import type grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Problem } from "../provider/cloud.ts";
import type { FaultGate } from "../provider/fault-gate.ts";
import type { SandboxProvider } from "../provider/provider.ts";

export interface ServiceParts {
  /** Of the plugin, equal to the SDK's. */
  readonly version: string;
  /** Opened at `Configure`: a plugin that is only asked for its version needs no database. */
  readonly open: () => { readonly provider: SandboxProvider; readonly gate: FaultGate };
  /** Says to the person that this is a sandbox. */
  readonly announce: (engineAddress: string) => void;
  engineAddress: string;
}

const answer = answers((error) => {
  const message = error instanceof Error ? error.message : String(error);
  return { message: message.startsWith("sandbox:") ? message : `sandbox: ${message}` };
});

/** Pulumi's provider protocol on a `SandboxProvider`. */
export function providerService(parts: ServiceParts): grpc.UntypedServiceImplementation {
  let opened: ReturnType<ServiceParts["open"]> | undefined;
  const sandbox = () => {
    opened ??= parts.open();
    return opened;
  };
  const provider = () => sandbox().provider;
  return {
    handshake: answer((request: pb.ProviderHandshakeRequest) => {
      parts.engineAddress = request.getEngineAddress();
      const response = new pb.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptOutputs(false);
      response.setAcceptResources(false);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: answer((request: InstanceType<typeof plugin.PluginAttach>) => {
      parts.engineAddress = request.getAddress();
      return new empty.Empty();
    }),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(parts.version)),
    getSchema: answer(() => new pb.GetSchemaResponse().setSchema("{}")),
    cancel: answer(() => {
      opened?.gate.cancel();
      return new empty.Empty();
    }),
    checkConfig: answer((request: pb.CheckRequest) => {
      const news = read(request.getNews());
      return checkResponse(news, provider().checkConfig(news));
    }),
    diffConfig: answer((request: pb.DiffRequest) => {
      return diffResponse(provider().diffConfig(read(request.getOlds()), read(request.getNews())), false);
    }),
    configure: answer((request: pb.ConfigureRequest) => {
      provider().configure(read(request.getArgs()));
      parts.announce(parts.engineAddress);
      const response = new pb.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    check: answer(async (request: pb.CheckRequest) => {
      const urn = request.getUrn();
      const inputs = read(request.getNews());
      const autonaming = request.getAutonaming();
      return guarded("checking", urn, [inputs], () =>
        sandbox().gate.run(typeOfUrn(urn), "check", 0, () => {
          const result = provider().check({
            ...{ urn, inputs, oldInputs: read(request.getOlds()), seed: request.getRandomseed_asU8() },
            ...(autonaming === undefined
              ? {}
              : { proposal: { name: autonaming.getProposedName(), mode: AUTONAMING[autonaming.getMode()] } }),
          });
          return checkResponse(result.inputs, result.problems);
        }),
      );
    }),
    diff: answer(async (request: pb.DiffRequest) => {
      const urn = request.getUrn();
      const [outputs, inputs] = [read(request.getOlds()), read(request.getNews())];
      const oldInputs = read(request.getOldInputs());
      return guarded("comparing", urn, [outputs, inputs, oldInputs], () =>
        sandbox().gate.run(typeOfUrn(urn), "diff", 0, () => {
          const { diffs, deleteBeforeReplace } = provider().diff(urn, outputs, oldInputs, inputs);
          return diffResponse(diffs, deleteBeforeReplace);
        }),
      );
    }),
    create: answer(async (request: pb.CreateRequest) => {
      const urn = request.getUrn();
      const inputs = read(request.getProperties());
      const work = () => {
        const { id, outputs } = provider().create(urn, inputs, request.getPreview());
        return new pb.CreateResponse().setId(id).setProperties(write(outputs));
      };
      return guarded("creating", urn, [inputs], () =>
        // A preview asks the cloud for nothing.
        request.getPreview()
          ? work()
          : sandbox().gate.run(typeOfUrn(urn), "create", request.getTimeout(), work),
      );
    }),
    read: answer(async (request: pb.ReadRequest) => {
      const urn = request.getUrn();
      const held = read(request.getProperties());
      // A refresh sends the state's inputs, at least `__defaults`; a lookup or an import sends none.
      const stated = read(request.getInputs());
      const inputs = Object.keys(stated).length > 0 ? stated : undefined;
      return guarded("reading", urn, [held, inputs ?? {}], () =>
        sandbox().gate.run(typeOfUrn(urn), "read", 0, () => {
          const found = provider().read({ urn, id: request.getId() }, held, inputs);
          return new pb.ReadResponse()
            .setId(found.id)
            .setProperties(write(found.outputs))
            .setInputs(write(found.inputs));
        }),
      );
    }),
    update: answer(async (request: pb.UpdateRequest) => {
      const urn = request.getUrn();
      const [olds, inputs] = [read(request.getOlds()), read(request.getNews())];
      const subject = { urn, id: request.getId() };
      const work = () =>
        new pb.UpdateResponse().setProperties(
          write(provider().update(subject, olds, inputs, request.getPreview()).outputs),
        );
      return guarded("updating", urn, [olds, inputs], () =>
        request.getPreview()
          ? work()
          : sandbox().gate.run(typeOfUrn(urn), "update", request.getTimeout(), work),
      );
    }),
    delete: answer(async (request: pb.DeleteRequest) => {
      const urn = request.getUrn();
      const olds = read(request.getProperties());
      return guarded("deleting", urn, [olds], () =>
        sandbox().gate.run(typeOfUrn(urn), "delete", request.getTimeout(), () => {
          provider().delete({ urn, id: request.getId() }, olds);
          return new empty.Empty();
        }),
      );
    }),
    invoke: answer(async (request: pb.InvokeRequest) => {
      const token = request.getTok();
      const args = read(request.getArgs());
      return guarded("calling", token, [args], () =>
        sandbox().gate.run(token, "invoke", 0, () => {
          const { outputs, problems } = provider().invoke(token, args);
          return new pb.InvokeResponse().setReturn(write(outputs)).setFailuresList(problems.map(failure));
        }),
      );
    }),
  };
}

const AUTONAMING = { 0: "propose", 1: "enforce", 2: "disable" } as const;

/** Says what was being done to what, and masks every secret that came with the request. */
async function guarded<T>(
  verb: string,
  urn: string,
  sent: readonly Properties[],
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const what = urn.startsWith("urn:") ? `${typeOfUrn(urn)} "${nameOfUrn(urn)}"` : urn;
    const message = error instanceof Error ? error.message : String(error);
    const text = `sandbox: ${verb} ${what}: ${message}`;
    throw new GroundplaneError(
      "SANDBOX_REFUSED",
      redact(
        text,
        sent.flatMap((part) => secretTexts(part)),
      ),
    );
  }
}

function failure({ property, reason }: Problem): pb.CheckFailure {
  return new pb.CheckFailure().setProperty(property).setReason(`sandbox: ${reason}`);
}

function checkResponse(inputs: Properties, problems: readonly Problem[]): pb.CheckResponse {
  const secrets = secretTexts(inputs);
  const masked = problems.map(({ property, reason }) => ({ property, reason: redact(reason, secrets) }));
  return new pb.CheckResponse().setInputs(write(inputs)).setFailuresList(masked.map(failure));
}

/** The text with every one of these secrets masked. */
function redact(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}
