import * as pulumi from "@pulumi/pulumi";
import { InferenceServer, modelRoutes } from "../index.ts";

const [sha256, digest] = ["0".repeat(64), "1".repeat(64)];
const connection = {
  ...{ host: "10.220.1.20", user: "agent", privateKey: pulumi.secret("-----BEGIN OPENSSH PRIVATE KEY-----") },
  hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
};

export function first(): InferenceServer {
  // #region first
  const ollama = new InferenceServer("ollama", {
    connection,
    address: "10.220.1.20",
    network: "10.220.1.0/24",
    ollama: { version: "0.13.0", sha256 },
    models: [{ name: "llama3:70b-instruct-q4_K_M", digest }],
    gpus: 1,
    driverPackages: ["nvidia-driver-550-server"],
  });
  // #endregion
  return ollama;
}

export function routes(): InferenceServer {
  const ollama = first();
  // #region routes
  const models = modelRoutes({
    local: ollama.models,
    cloud: { anthropic: "claude-sonnet-4-5", openai: "gpt-5", google: "gemini-2.5-pro" },
  });
  // #endregion
  if (models.length !== 4) throw new TypeError("a model is missing");
  return ollama;
}
