import { type CostModel, HOURS, monthly, used, withoutFigure } from "../cost-model.ts";
import { NotPriceable, type PricedResource } from "../priced-resource.ts";

/** An alarm on an expression reads several metrics, and each is charged. */
const metricsOf = (alarm: PricedResource): number =>
  Math.max(1, alarm.parts("metricQueries").filter((query) => query.has("metric")).length);

/** Periods of 10, 20 and 30 seconds (CloudWatch, PutMetricAlarm). */
const isHighResolution = (alarm: PricedResource): boolean => alarm.number("period", 60) < 60;

/** An event selector of a trail that records more than management events. */
const recordsData = (trail: PricedResource): boolean =>
  trail.list("eventSelectors").length > 0 || trail.list("advancedEventSelectors").length > 0;

const KEY: CostModel = [
  monthly("kms.key.month", "key", "key"),
  used("kms.request.ten-thousand", "uses", "10,000 requests", "keyRequestTenThousands"),
];

export const OPERATIONS_MODELS: Readonly<Record<string, CostModel>> = {
  "aws:cloudwatch/logGroup:LogGroup": [
    {
      ...used("logs.ingest.gb", "ingestion", "GB", "logIngestGb"),
      price: (group) =>
        group.text("logGroupClass", "STANDARD") === "INFREQUENT_ACCESS"
          ? "logs.infrequent.ingest.gb"
          : "logs.ingest.gb",
    },
    used("logs.storage.gb", "storage", "GB", "logStorageGb"),
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    {
      what: "alarm metrics",
      unit: "metric",
      price: (alarm) => (isHighResolution(alarm) ? "alarm.high-resolution.month" : "alarm.month"),
      quantity: metricsOf,
    },
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [
    monthly("alarm.composite.month", "composite alarm", "alarm"),
  ],
  "aws:cloudwatch/dashboard:Dashboard": [monthly("dashboard.month", "dashboard", "dashboard")],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [monthly("metric.month", "custom metric", "metric")],
  "aws:kms/key:Key": KEY,
  "aws:kms/replicaKey:ReplicaKey": KEY,
  "aws:secretsmanager/secret:Secret": [
    {
      what: "secret, and each replica",
      unit: "secret",
      price: "secret.month",
      quantity: (secret) => 1 + secret.list("replicas").length,
    },
    used("secret.request.ten-thousand", "reads", "10,000 requests", "secretRequestTenThousands"),
  ],
  "aws:ssm/parameter:Parameter": [
    {
      ...monthly("ssm-parameter.advanced.month", "advanced parameter", "parameter"),
      when: (parameter) => parameter.text("tier", "Standard") === "Advanced",
    },
  ],
  "aws:sns/topic:Topic": [
    {
      ...used("sns.publish.million", "messages", "million requests", "topicPublishMillions"),
      when: (topic) => !topic.flag("fifoTopic"),
    },
    withoutFigure("messages of a FIFO topic", (topic) => topic.flag("fifoTopic")),
  ],
  "aws:sns/topicSubscription:TopicSubscription": [
    {
      ...used("sns.email.thousand", "deliveries", "thousand messages", "topicDeliveryThousands"),
      price: (subscription) =>
        subscription.text("protocol").startsWith("email") ? "sns.email.thousand" : "sns.http.thousand",
      when: (subscription) => /^(email|http)/.test(subscription.text("protocol")),
    },
    withoutFigure(
      "deliveries",
      // To SQS and Lambda they are free.
      (subscription) => !/^(email|http|sqs$|lambda$)/.test(subscription.text("protocol")),
    ),
  ],
  "aws:acm/certificate:Certificate": [
    withoutFigure("a certificate of a private CA", (certificate) =>
      certificate.has("certificateAuthorityArn"),
    ),
  ],
  "aws:accessanalyzer/analyzer:Analyzer": [
    withoutFigure("analysis beyond external access", (analyzer) =>
      /UNUSED|INTERNAL/.test(analyzer.text("type", "ACCOUNT")),
    ),
  ],
  "aws:scheduler/schedule:Schedule": [
    used("scheduler.million", "invocations", "million invocations", "scheduleMillions"),
  ],
  "aws:synthetics/canary:Canary": [
    {
      what: "runs",
      unit: "run",
      price: "canary.run",
      quantity: (canary) => {
        const [, amount, unit] =
          /^rate\((\d+) (minute|hour)s?\)$/.exec(canary.text("schedule.expression")) ?? [];
        if (amount === undefined || Number(amount) === 0) throw new NotPriceable("its schedule is no rate");
        return (HOURS * (unit === "hour" ? 1 : 60)) / Number(amount);
      },
    },
  ],
  "aws:sqs/queue:Queue": [
    {
      ...used("sqs.request.million", "requests", "million requests", "queueRequestMillions"),
      price: (queue) => (queue.flag("fifoQueue") ? "sqs.fifo.request.million" : "sqs.request.million"),
    },
  ],
  // The first trail's management events are free; that it is the first is not looked at.
  "aws:cloudtrail/trail:Trail": [
    {
      ...used(
        "cloudtrail.data-event.hundred-thousand",
        "data events",
        "100,000 events",
        "trailDataEventHundredThousands",
      ),
      when: recordsData,
    },
    withoutFigure("Insights events", (trail) => trail.list("insightSelectors").length > 0),
  ],
};
