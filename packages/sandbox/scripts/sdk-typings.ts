import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type {
  FunctionShape,
  InputProperty,
  OutputProperty,
  ResourceShape,
  Shape,
} from "../src/catalog/shape.ts";

type Properties = Record<string, InputProperty>;

interface Sdk {
  readonly resources: Map<string, ResourceShape>;
  readonly functions: Map<string, FunctionShape>;
  /** Nested input types, by `namespace.Name`. */
  readonly nested: Map<string, Properties>;
}

const FORCES_NEW =
  /forces? (?:a |the )?(?:new resource|re-?creation|replacement)|(?:changing|modifying) (?:this|it)[^.]{0,40} (?:forces?|will (?:recreate|replace)|requires replacement)/i;
const DEFAULT = /\bdefault(?:s to|s are| is|s is| value is| value:)\s+(?:`"?([^`"]*)"?`|(true|false)\b)/i;

/** Reads every resource, function and nested type of a Pulumi Node SDK from its `.js` and `.d.ts`, without a type checker. */
export function readSdk(root: string): Sdk {
  const enums = readEnums(root);
  const shapeOf = shapeReader(enums);
  const nested = readNested(root, shapeOf);
  const resources = new Map<string, ResourceShape>();
  const functions = new Map<string, FunctionShape>();
  for (const file of moduleFiles(root)) {
    const js = readFileSync(file, "utf8");
    const type = /__pulumiType = '([^']+)'/.exec(js)?.[1];
    const token = type ?? /runtime\.invoke(?:Single)?\("([^"]+)"/.exec(js)?.[1];
    if (token === undefined) continue;
    const name = token.slice(token.lastIndexOf(":") + 1);
    const source = parse(file.replace(/\.js$/, ".d.ts"));
    if (type !== undefined) {
      const provider = !token.includes("/");
      const className = provider ? "Provider" : name;
      const importId = /pulumi import [\w:/]+ \S+ (\S+)/.exec(js)?.[1]?.replace(/^['"]|['"]$/g, "");
      resources.set(provider ? `pulumi:providers:${token}` : token, {
        inputs: interfaceOf(source, `${className}Args`, shapeOf),
        outputs: classOutputs(source, className, shapeOf),
        ...(importId === undefined ? {} : { importId }),
      });
    } else {
      const pascal = name.charAt(0).toUpperCase() + name.slice(1);
      const result = interfaceOf(source, `${pascal}Result`, shapeOf);
      functions.set(token, {
        inputs: interfaceOf(source, `${pascal}Args`, shapeOf),
        outputs: Object.fromEntries(
          Object.entries(result).map(([key, { t, r }]) => [key, r === 1 ? { t } : { t, u: 1 as const }]),
        ),
      });
    }
  }
  return { resources, functions, nested };
}

function moduleFiles(root: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const path = join(root, entry.name);
    if (entry.isDirectory() && !["node_modules", "types", "config", "scripts"].includes(entry.name))
      files.push(...moduleFiles(path));
    else if (entry.name.endsWith(".js") && entry.name !== "index.js") files.push(path);
  }
  return files;
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });
}

type ShapeOf = (node: ts.TypeNode) => { shape: Shape; optional: boolean };

function readEnums(root: string): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  const folder = join(root, "types", "enums");
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const namespace = entry.isDirectory() ? `${entry.name}.` : "";
    if (!entry.isDirectory() && entry.name !== "index.d.ts") continue;
    const file = entry.isDirectory() ? join(folder, entry.name, "index.d.ts") : join(folder, entry.name);
    for (const statement of parse(file).statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const declaration of statement.declarationList.declarations) {
        if (!ts.isIdentifier(declaration.name) || declaration.type === undefined) continue;
        if (!ts.isTypeLiteralNode(declaration.type)) continue;
        values.set(namespace + declaration.name.text, declaration.type.members.flatMap(literalOf));
      }
    }
  }
  return values;
}

function literalOf(member: ts.TypeElement): string[] {
  return ts.isPropertySignature(member) &&
    member.type !== undefined &&
    ts.isLiteralTypeNode(member.type) &&
    ts.isStringLiteral(member.type.literal)
    ? [member.type.literal.text]
    : [];
}

function shapeReader(enums: Map<string, readonly string[]>): ShapeOf {
  const read: ShapeOf = (node) => {
    if (ts.isUnionTypeNode(node)) return readUnion(node, read);
    if (ts.isParenthesizedTypeNode(node)) return read(node.type);
    if (ts.isArrayTypeNode(node)) return { shape: ["a", read(node.elementType).shape], optional: false };
    if (ts.isTypeLiteralNode(node)) {
      const member = node.members[0];
      const value =
        member !== undefined && ts.isIndexSignatureDeclaration(member) ? read(member.type).shape : "*";
      return { shape: ["m", value], optional: false };
    }
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal))
      return { shape: ["e", [node.literal.text], "closed"], optional: false };
    if (node.kind === ts.SyntaxKind.UndefinedKeyword) return { shape: "*", optional: true };
    if (node.kind === ts.SyntaxKind.StringKeyword) return { shape: "s", optional: false };
    if (node.kind === ts.SyntaxKind.NumberKeyword) return { shape: "n", optional: false };
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return { shape: "b", optional: false };
    if (ts.isTypeReferenceNode(node)) return readReference(node, read, enums);
    return { shape: "*", optional: false };
  };
  return read;
}

function readUnion(node: ts.UnionTypeNode, read: ShapeOf): ReturnType<ShapeOf> {
  const optional = node.types.some((part) => part.kind === ts.SyntaxKind.UndefinedKeyword);
  const parts = node.types
    .filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword)
    .map((part) => read(part));
  const shapes = parts.map(({ shape }) => shape);
  const isOptional = optional || parts.some((part) => part.optional);
  const enumeration = shapes.find((shape) => Array.isArray(shape) && shape[0] === "e");
  if (shapes.includes("s") && enumeration !== undefined && enumeration[0] === "e")
    return { shape: ["e", enumeration[1], "open"], optional: isOptional };
  const [first, ...rest] = [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
  if (first === undefined) return { shape: "*", optional: true };
  if (rest.length === 0) return { shape: first, optional: isOptional };
  // `string | Role`: a resource in place of its id or ARN arrives as a string.
  if (shapes.includes("s") && shapes.includes("*")) return { shape: "s", optional: isOptional };
  return { shape: ["u", first, ...rest], optional: isOptional };
}

function readReference(
  node: ts.TypeReferenceNode,
  read: ShapeOf,
  enums: Map<string, readonly string[]>,
): ReturnType<ShapeOf> {
  const name = entityName(node.typeName);
  const argument = node.typeArguments?.[0];
  if (["pulumi.Input", "pulumi.Output", "Promise"].includes(name) && argument !== undefined)
    return read(argument);
  if (name.startsWith("pulumi.asset.")) return { shape: "asset", optional: false };
  const qualified = /^(inputs|outputs)\.(.+)$/.exec(name);
  if (qualified?.[1] === "inputs" && qualified[2] !== undefined)
    return { shape: ["o", qualified[2]], optional: false };
  if (qualified?.[1] === "outputs") return { shape: ["o", ""], optional: false };
  const values = enums.get(name.replace(/^enums\./, ""));
  if (values !== undefined) return { shape: ["e", values, "closed"], optional: false };
  return { shape: name === "ARN" || name.endsWith(".ARN") ? "s" : "*", optional: false };
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function readNested(root: string, shapeOf: ShapeOf): Map<string, Properties> {
  const nested = new Map<string, Properties>();
  const source = parse(join(root, "types", "input.d.ts"));
  const visit = (statements: ts.NodeArray<ts.Statement>, prefix: string) => {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement))
        nested.set(prefix + statement.name.text, members(source, statement.members, shapeOf));
      else if (
        ts.isModuleDeclaration(statement) &&
        statement.body !== undefined &&
        ts.isModuleBlock(statement.body)
      )
        visit(statement.body.statements, `${prefix}${statement.name.text}.`);
    }
  };
  visit(source.statements, "");
  return nested;
}

function interfaceOf(source: ts.SourceFile, name: string, shapeOf: ShapeOf): Properties {
  for (const statement of source.statements)
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name)
      return members(source, statement.members, shapeOf);
  return {};
}

function members(
  source: ts.SourceFile,
  elements: ts.NodeArray<ts.TypeElement>,
  shapeOf: ShapeOf,
): Properties {
  const properties: Properties = {};
  for (const member of elements) {
    if (!ts.isPropertySignature(member) || member.type === undefined) continue;
    const name =
      ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : undefined;
    if (name === undefined) continue;
    const { shape, optional } = shapeOf(member.type);
    const text = documentation(source, member);
    const fallback = defaultOf(text, shape);
    properties[name] = {
      t: shape,
      ...(member.questionToken === undefined && !optional ? { r: 1 as const } : {}),
      ...(fallback === undefined ? {} : { d: fallback }),
      ...(FORCES_NEW.test(text) ? { x: "doc" as const } : {}),
    };
  }
  return properties;
}

function classOutputs(source: ts.SourceFile, name: string, shapeOf: ShapeOf): Record<string, OutputProperty> {
  const outputs: Record<string, OutputProperty> = {};
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement) || statement.name?.text !== name) continue;
    for (const member of statement.members) {
      if (!ts.isPropertyDeclaration(member) || member.type === undefined || !ts.isIdentifier(member.name))
        continue;
      const { shape, optional } = shapeOf(member.type);
      outputs[member.name.text] = optional ? { t: shape, u: 1 } : { t: shape };
    }
  }
  return outputs;
}

function documentation(source: ts.SourceFile, member: ts.Node): string {
  const ranges = ts.getLeadingCommentRanges(source.text, member.pos) ?? [];
  return ranges.map(({ pos, end }) => source.text.slice(pos, end).replace(/\s*\*\s+/g, " ")).join(" ");
}

function defaultOf(text: string, shape: Shape): InputProperty["d"] {
  const match = DEFAULT.exec(text);
  const value = match?.[1] ?? match?.[2];
  if (value === undefined) return undefined;
  if (shape === "b") return value === "true" ? true : value === "false" ? false : undefined;
  if (shape === "n") return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  // Anything but a plain word describes the default in prose.
  if ((shape === "s" || (Array.isArray(shape) && shape[0] === "e")) && /^[\w./:-]+$/.test(value))
    return value;
  return undefined;
}
