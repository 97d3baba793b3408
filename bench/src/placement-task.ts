import { z } from "zod";

export const placementTaskSchema = z.object({
  planner: z.enum(["groundplane", "first-fit", "most-free", "bin-packer"]),
  machines: z.int().min(1),
  hosts: z.int().min(1),
  strategy: z.enum(["spread", "pack"]),
  seed: z.int().min(0),
});

export type PlacementTask = z.output<typeof placementTaskSchema>;

export const placementAnswerSchema = z.object({
  planMs: z.number().positive(),
  processorMs: z.number().min(0),
  hostsUsed: z.int().min(1),
  /** No placement uses fewer: of each resource, all that machines take over what one host has. */
  fewestHosts: z.int().min(1),
  /** Of memory, on the fullest host; 0 to 1. */
  largestShare: z.number().min(0),
});

export type PlacementAnswer = z.output<typeof placementAnswerSchema>;
