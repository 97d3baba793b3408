export { SIZES, type SizeName } from "./size.ts";
