/** Commands that decide: the rule is met when they succeed. */
import { runCommands } from '../commands.ts'
import type { Runner } from '../runner.ts'
import { expireRule } from './rule-timeout.ts'

export const commandsRule: Runner = {
  id: 'Rule/Commands',
  run: (job) => {
    expireRule(job)
    return runCommands(job)
  },
}
