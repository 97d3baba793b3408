/**
 * What stands on the wire where a value is not known yet (the SDK's `runtime.unknownValue`, the engine's
 * `plugin.UnknownStringValue`): an input that is exactly this is unknown to the engine.
 */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key whose presence says that an object on the wire is a special value (sdk/go/common/resource/plugin/rpc.go). */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

/** What stands under `SIGNATURE_KEY` where the special value is a secret. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
