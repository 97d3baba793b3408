import { readFileSync } from "node:fs";
import { isGroundplaneError, nameOfUrn, typeOfUrn } from "@groundplane/contracts";
import {
  answers,
  diffResponse,
  readProperties as read,
  writeProperties as write,
} from "@groundplane/provider/service";
import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { PLUGIN_VERSION, SETUP_TYPE } from "../plugin-identity.ts";
import { diffSetup } from "../provider/setup-diff.ts";
import { checkInputs, withSecrets } from "../provider/setup-inputs.ts";
import { HalfDone, type SetupProvider, setupId } from "../provider/setup-provider.ts";

const answer = answers((error) =>
  error instanceof ServiceFailure
    ? error
    : { message: error instanceof Error ? error.message : String(error) },
);

/** Pulumi's provider protocol on a `SetupProvider`. */
export function providerService(provider: SetupProvider): grpc.UntypedServiceImplementation {
  return {
    handshake: answer(() => new pb.ProviderHandshakeResponse().setAcceptSecrets(true)),
    attach: answer(() => new empty.Empty()),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(PLUGIN_VERSION)),
    getSchema: answer(() =>
      new pb.GetSchemaResponse().setSchema(
        readFileSync(new URL("../../schema.json", import.meta.url), "utf8"),
      ),
    ),
    cancel: answer(() => {
      provider.cancel();
      return new empty.Empty();
    }),
    checkConfig: answer((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
    diffConfig: answer(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: answer(() => new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
    check: answer((request: pb.CheckRequest) => {
      ofSetup(request.getUrn());
      const inputs = read(request.getNews());
      const failures = checkInputs(inputs).map(({ property, reason }) =>
        new pb.CheckFailure().setProperty(property).setReason(`${property}: ${reason}`),
      );
      return new pb.CheckResponse().setInputs(write(withSecrets(inputs))).setFailuresList(failures);
    }),
    diff: answer((request: pb.DiffRequest) =>
      // The machine may be the same one at another address: its old setup goes before the new one comes.
      diffResponse(
        diffSetup(read(request.getOldInputs()), read(request.getNews()), read(request.getOlds())),
        true,
      ),
    ),
    create: answer((request: pb.CreateRequest) => {
      const [urn, inputs] = [request.getUrn(), read(request.getProperties())];
      if (request.getPreview())
        return new pb.CreateResponse().setId("").setProperties(write(provider.planned(inputs)));
      const id = setupId(urn);
      return named(urn, id, async () =>
        new pb.CreateResponse().setId(id).setProperties(write({ ...(await provider.create(id, inputs)) })),
      );
    }),
    read: answer((request: pb.ReadRequest) => {
      const [urn, id] = [request.getUrn(), request.getId()];
      const [inputs, outputs] = [read(request.getInputs()), read(request.getProperties())];
      return named(urn, undefined, async () => {
        if (inputs["connection"] === undefined)
          throw new TypeError(
            "a setup cannot be imported or looked up: create it, which changes nothing that is as it should be",
          );
        const seen = await provider.read(id, inputs, outputs);
        return seen === undefined
          ? new pb.ReadResponse()
          : new pb.ReadResponse()
              .setId(id)
              .setProperties(write({ ...seen }))
              .setInputs(request.getInputs());
      });
    }),
    update: answer((request: pb.UpdateRequest) => {
      const [urn, id] = [request.getUrn(), request.getId()];
      const held = { inputs: read(request.getOldInputs()), outputs: read(request.getOlds()) };
      const inputs = read(request.getNews());
      if (request.getPreview())
        return new pb.UpdateResponse().setProperties(write(provider.planned(inputs, held)));
      return named(urn, id, async () =>
        new pb.UpdateResponse().setProperties(write({ ...(await provider.update(id, held, inputs)) })),
      );
    }),
    delete: answer((request: pb.DeleteRequest) =>
      named(request.getUrn(), undefined, async () => {
        await provider.delete(request.getId(), read(request.getOldInputs()), read(request.getProperties()));
        return new empty.Empty();
      }),
    ),
  };
}

/** What the engine is told: the words, and the resource that is there in part. */
class ServiceFailure extends Error {
  readonly metadata: grpc.Metadata;

  constructor(message: string, metadata: grpc.Metadata) {
    super(message);
    this.metadata = metadata;
  }
}

/** Says which resource it was about, and keeps in the state what is there in part. */
async function named<T>(urn: string, id: string | undefined, work: () => Promise<T>): Promise<T> {
  ofSetup(urn);
  try {
    return await work();
  } catch (error) {
    const code = isGroundplaneError(error) ? error.code : "MACHINE_SETUP_FAILED";
    const message = `MachineSetup "${nameOfUrn(urn)}": ${error instanceof Error ? error.message : String(error)} (${code})`;
    const metadata = new grpc.Metadata();
    if (id !== undefined && error instanceof HalfDone) {
      const detail = new pb.ErrorResourceInitFailed()
        .setId(id)
        .setProperties(write({ ...error.outputs }))
        .setReasonsList([message]);
      const packed = new any.Any();
      packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
      const whole = new status.Status()
        .setCode(grpc.status.UNKNOWN)
        .setMessage(message)
        .setDetailsList([packed]);
      metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
    }
    throw new ServiceFailure(message, metadata);
  }
}

function ofSetup(urn: string): void {
  if (typeOfUrn(urn) !== SETUP_TYPE)
    throw new TypeError(`${urn} is of no type of this plugin; it has ${SETUP_TYPE}`);
}
