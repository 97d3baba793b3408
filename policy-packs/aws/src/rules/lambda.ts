import { definePropertyRule, defineRule, type PropertyMap, type Rule, select } from "@groundplane/policy";

const FUNCTION = {
  role: "arn:aws:iam::111122223333:role/app",
  handler: "index.handler",
  runtime: "nodejs24.x",
  tracingConfig: { mode: "Active" },
};
const URL = { functionName: "app", authorizationType: "AWS_IAM" };
const PERMISSION = {
  action: "lambda:InvokeFunction",
  function: "app",
  principal: "s3.amazonaws.com",
  sourceAccount: "111122223333",
};

/**
 * Runtimes that are deprecated: AWS patches them no more, and in the end refuses changes to their functions.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const DEPRECATED_RUNTIME =
  /^(?:nodejs(?:\d\.\d+|(?:10|12|14|16|18|20)\.x)?|nodejs4\.3-edge|python(?:2\.7|3\.(?:[6-9]|10))|ruby(?:2\.[57]|3\.2)|java8|go1\.x|provided(?:\.al2)?|dotnetcore\d\.\d|dotnet[5-8])$/;

const permissionRule = defineRule({
  id: "lambda-permission-limited",
  title: "Only named callers may invoke a function",
  severity: "critical",
  why: "A service acts for every AWS account: without a limit a stranger's bucket can call the function.",
  remedy: "Give sourceArn, sourceAccount or principalOrgId; for a function URL, authorizationType AWS_IAM.",
  source: "AWS FSBP Lambda.1",
  appliesTo: ["aws:lambda/permission:Permission"],
  reads: ["principal", "sourceArn", "sourceAccount", "principalOrgId"].map((property) => ({
    type: "aws:lambda/permission:Permission",
    property,
  })),
  examples: {
    passing: [{ type: "aws:lambda/permission:Permission", inputs: PERMISSION }],
    failing: [
      {
        type: "aws:lambda/permission:Permission",
        inputs: { ...PERMISSION, principal: "*", sourceAccount: "" },
      },
    ],
  },
  check({ props }, report) {
    const principal = String(props["principal"]);
    if (principal !== "*" && !principal.endsWith(".amazonaws.com")) return;
    const limits = ["sourceArn", "sourceAccount", "principalOrgId"];
    if (limits.some((name) => isGiven(props, name))) return;
    report(`principal ${principal} may invoke the function for anyone`);
  },
});

// Whatever its value will be, a limit that is set is one.
function isGiven(props: PropertyMap, name: string): boolean {
  return select(props, name).every((ref) => ref.unreadable !== undefined || (ref.value ?? "") !== "");
}

/** Lambda. */
export const lambdaRules: readonly Rule[] = [
  definePropertyRule({
    id: "lambda-runtime",
    title: "Functions run on a runtime that AWS still patches",
    severity: "high",
    why: "A deprecated runtime gets no security updates, and one day its functions cannot be changed any more.",
    remedy: "Move to a supported runtime.",
    source: "AWS FSBP Lambda.2; cdk-nag AwsSolutions-L1",
    types: ["aws:lambda/function:Function"],
    properties: ["runtime"],
    mustBe: { differsFrom: DEPRECATED_RUNTIME },
    passing: FUNCTION,
    failing: { ...FUNCTION, runtime: "nodejs16.x" },
  }),
  definePropertyRule({
    id: "lambda-tracing",
    title: "Functions are traced",
    severity: "low",
    enforcement: "advisory",
    why: "A request through several functions is otherwise pieced together from logs.",
    remedy: 'Set tracingConfig: { mode: "Active" }.',
    source: "AWS FSBP Lambda.7",
    types: ["aws:lambda/function:Function"],
    properties: ["tracingConfig.mode"],
    mustBe: { oneOf: ["Active"] },
    passing: FUNCTION,
    failing: { ...FUNCTION, tracingConfig: { mode: "PassThrough" } },
  }),
  definePropertyRule({
    id: "lambda-zones",
    title: "Functions in a VPC span zones",
    severity: "medium",
    why: "With one subnet the function fails when its zone does.",
    remedy: "Give vpcConfig.subnetIds of at least two zones.",
    source: "AWS FSBP Lambda.5",
    types: ["aws:lambda/function:Function"],
    properties: ["vpcConfig.subnetIds"],
    mustBe: { items: 2 },
    when: { vpcConfig: "set" },
    passing: { ...FUNCTION, vpcConfig: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] } },
    failing: { ...FUNCTION, vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } },
  }),
  definePropertyRule({
    id: "lambda-url-auth",
    title: "Function URLs ask who is calling",
    severity: "high",
    why: "NONE lets everyone on the internet run the function, at our cost.",
    remedy: 'Set authorizationType: "AWS_IAM", or put API Gateway or CloudFront before the function.',
    source: "AWS Lambda guide, Control access to function URLs",
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    properties: ["authorizationType"],
    mustBe: { oneOf: ["AWS_IAM"] },
    passing: URL,
    failing: { ...URL, authorizationType: "NONE" },
  }),
  definePropertyRule({
    id: "lambda-url-origins",
    title: "Function URLs name the web sites that may call",
    severity: "medium",
    why: "With * any web site calls the function with its visitor's browser.",
    remedy: "List the origins in cors.allowOrigins.",
    source: "AWS Lambda guide, Cross-origin resource sharing",
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    properties: ["cors.allowOrigins[*]"],
    mustBe: { noneOf: ["*"] },
    passing: { ...URL, cors: { allowOrigins: ["https://shop.example.com"] } },
    failing: { ...URL, cors: { allowOrigins: ["*"] } },
  }),
  permissionRule,
];
