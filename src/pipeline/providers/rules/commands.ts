/** A rule that shell commands decide: met when they succeed. */

import { makesNothing, type RuleProvider, ruleType } from '../../rule-provider.ts'
import { commands } from '../commands.ts'

/**
 * AWS: as the action, on the smallest machine with Linux, and with nothing in its configuration: "you set the action
 * configuration fields outside of the action configuration" (rule-reference-Commands).
 */
export const commandsRule: RuleProvider = {
  ...commands,
  ...makesNothing,
  type: ruleType('Commands'),
  configuration: {},
  runsCommands: true,
}
