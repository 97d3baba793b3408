import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "../special-value.ts";

export type StructMessage = InstanceType<typeof struct.Struct>;

export function readProperties(message: StructMessage | undefined): Properties {
  // The protocol carries JSON only; google-protobuf's typing of it is looser.
  const properties: Properties = JSON.parse(JSON.stringify(message?.toJavaScript() ?? {}));
  return properties;
}

export function writeProperties(properties: { readonly [key: string]: unknown }): StructMessage {
  return struct.Struct.fromJavaScript({ ...properties } as Parameters<
    typeof struct.Struct.fromJavaScript
  >[0]);
}
