/** Every provider of rules that conditions may use. AWS: what ListRuleTypes lists (rule-reference). */
import type { RuleProvider } from '../../rule-provider.ts'
import { cloudWatchAlarm } from './cloud-watch-alarm.ts'
import { codeBuildRule } from './code-build.ts'
import { commandsRule } from './commands.ts'
import { deploymentWindow } from './deployment-window.ts'
import { lambdaInvokeRule } from './lambda-invoke.ts'
import { variableCheck } from './variable-check.ts'

/** By the name of their one object, for those who declare rules of a certain provider. */
export const ruleProvider = {
  cloudWatchAlarm,
  codeBuildRule,
  commandsRule,
  deploymentWindow,
  lambdaInvokeRule,
  variableCheck,
} as const satisfies Readonly<Record<string, RuleProvider>>

export const ruleProviders: readonly RuleProvider[] = Object.values(ruleProvider)

const byName = new Map(ruleProviders.map((one) => [one.type.provider, one]))

/** Gives the provider of a rule's type; undefined for other types, and where none is known. */
export function findRuleProvider({
  category,
  provider,
  version = '1',
}: {
  readonly category: string
  readonly provider: string
  readonly version?: string
}): RuleProvider | undefined {
  const found = category === CATEGORY ? byName.get(provider) : undefined
  return found?.type.version === version ? found : undefined
}

const CATEGORY = 'Rule'
