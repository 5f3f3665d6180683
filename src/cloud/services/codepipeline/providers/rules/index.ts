/** The providers of rules that the embedded cloud can run. */
import type { Runner } from '../runner.ts'
import { cloudWatchAlarm } from './cloud-watch-alarm.ts'
import { codeBuildRule } from './code-build.ts'
import { commandsRule } from './commands.ts'
import { deploymentWindow } from './deployment-window.ts'
import { lambdaInvokeRule } from './lambda-invoke.ts'
import { variableCheck } from './variable-check.ts'

export const ruleRunners: readonly Runner[] = [
  cloudWatchAlarm,
  codeBuildRule,
  commandsRule,
  deploymentWindow,
  lambdaInvokeRule,
  variableCheck,
]
