import type { Output } from "./output.js";

/** Names the schedule that was written, and what to do with it. */
export function tellNext(output: Output, schedule: string | null): void {
  if (schedule === null) return;
  const { paint } = output;
  const name = /^[\w./@-]+$/.test(schedule) ? schedule : `'${schedule.replaceAll("'", "'\\''")}'`;
  output.say();
  output.say(`Written to ${schedule}. See it again, and ask why:`);
  output.say(`  ${paint.cyan(`npx hindcast replay ${name}`)}`);
  output.say(`  ${paint.cyan(`npx hindcast why ${name}`)}`);
}
