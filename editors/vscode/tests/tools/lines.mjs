// A reporter for node's tests: one line for each.
export default async function* lines(source) {
  for await (const { type, data } of source) {
    if (type === "test:pass" && data.details?.type !== "suite") yield `ok - ${data.name}\n`;
    if (type === "test:fail") yield `not ok - ${data.name}: ${data.details.error.cause?.stack ?? data.details.error}\n`;
  }
}
