/**
 * What a canary runs: it asks for the address, and any answer but 200 to 299 in time is a failure. Plain JavaScript of
 * AWS's runtime.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_Library_Nodejs.html
 */
export const HEARTBEAT_SCRIPT = `const synthetics = require("@aws/synthetics-puppeteer");

const healthy = (response) =>
  new Promise((resolve, reject) => {
    response.on("error", reject);
    response.on("end", () => {
      const { statusCode } = response;
      if (statusCode >= 200 && statusCode <= 299) resolve();
      else reject(new Error("answered " + statusCode));
    });
    response.resume();
  });

const askFor = (url) =>
  synthetics.executeHttpStep(
    "heartbeat",
    {
      hostname: url.hostname,
      method: "GET",
      path: url.pathname + url.search,
      port: url.port === "" ? 443 : Number(url.port),
      protocol: url.protocol,
      headers: { "User-Agent": synthetics.getCanaryUserAgentString() },
    },
    healthy,
  );

exports.handler = async () => {
  const seconds = Number(process.env.HEARTBEAT_TIMEOUT_SECONDS);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in " + seconds + " seconds")), seconds * 1000);
  });
  try {
    await Promise.race([askFor(new URL(process.env.HEARTBEAT_URL)), late]);
  } finally {
    clearTimeout(timer);
  }
};
`;
