import { testComponentPages } from "../../../test/component-pages.ts";

testComponentPages({
  folder: "aws",
  computed: () => ({ arn: "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1" }),
});
