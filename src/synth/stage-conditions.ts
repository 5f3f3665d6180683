/**
 * What is looked at before a stage is entered, and after it succeeded or failed, as AWS declares it. AWS: how long a rule
 * may take can be said to the API and not in a template (AWS::CodePipeline::Pipeline RuleDeclaration).
 */
import { expandText, expandValues, type FleetStage, watcherOf } from '../fleet/index.ts'
import type { Condition, FailureConditions, RuleDeclaration, StageDeclaration } from '../model/index.ts'
import { ruleProvider } from '../pipeline/index.ts'
import type { Declaring } from './declaring.ts'
import { alarmsOf, CHANGES } from './observer.ts'
import { placeIn } from './outputs.ts'
import { compact } from './resource.ts'
import { placeScope, type StageScope } from './scopes.ts'

type Conditions = Pick<StageDeclaration, 'beforeEntry' | 'onSuccess' | 'onFailure'>

/** Gives the conditions of a stage: those that its guards become, and those that the fleet file writes itself. */
export function stageConditions(stage: FleetStage, around: Declaring): Conditions {
  const { conditions: own = {} } = stage
  const scope = placeScope(around.fleet, around.pipeline, stage.places[0]!)
  const written = (condition: OwnCondition): Condition => ({
    result: condition.result,
    rules: condition.rules.map((rule) => ownRule(rule, scope)),
  })
  return compact({
    beforeEntry: own.beforeEntry
      ? { conditions: own.beforeEntry.conditions.map(written) }
      : windowCondition(stage),
    onSuccess: own.onSuccess
      ? { conditions: own.onSuccess.conditions.map(written) }
      : alarmCondition(stage, around),
    onFailure: own.onFailure
      ? compact({ ...own.onFailure, conditions: own.onFailure.conditions?.map(written) })
      : failureOf(stage, around),
  })
}

type OwnConditions = NonNullable<FleetStage['conditions']>
type OwnCondition =
  | NonNullable<OwnConditions['beforeEntry']>['conditions'][number]
  | NonNullable<OwnConditions['onSuccess']>['conditions'][number]

const ownRule = (
  { configuration, roleArn, ...rule }: OwnCondition['rules'][number],
  scope: StageScope,
): RuleDeclaration =>
  compact({
    ...rule,
    configuration: Object.keys(configuration).length ? expandValues(configuration, scope) : undefined,
    roleArn: roleArn && expandText(roleArn, scope),
  })

/** Gives the condition that leaves a stage out where the variable that counts changes is 0. */
export const unlessChanged = (namespace: string): Conditions => ({
  beforeEntry: {
    conditions: [
      {
        result: 'SKIP',
        rules: [
          {
            name: CHANGES,
            ruleTypeId: typeOf(ruleProvider.variableCheck),
            configuration: { Variable: `#{${namespace}.${CHANGES}}`, Value: '0', Operator: 'NE' },
          },
        ],
      },
    ],
  },
})

const typeOf = ({ type }: (typeof ruleProvider)[keyof typeof ruleProvider]) =>
  type as RuleDeclaration['ruleTypeId']

function windowCondition({ window }: FleetStage): Conditions['beforeEntry'] {
  if (!window) return undefined
  const rule: RuleDeclaration = {
    name: 'window',
    ruleTypeId: typeOf(ruleProvider.deploymentWindow),
    configuration: { Cron: window.cron, ...(window.timezone && { TimeZone: window.timezone }) },
  }
  return { conditions: [{ result: 'FAIL', rules: [rule] }] }
}

/** AWS: on success a rule watches its alarm for the minutes of WaitTime (stage-conditions: "within 60 minutes"). */
function alarmCondition(stage: FleetStage, around: Declaring): Conditions['onSuccess'] {
  if (watcherOf(stage) !== 'rules') return undefined
  const { fleet, pipeline, names } = around
  const { bake } = stage
  const rules = alarmsOf(fleet, pipeline, stage).flatMap(({ account, region, alarms }) =>
    alarms.map(
      (alarm, index): RuleDeclaration => ({
        name: `alarm-${alarms.length > 1 ? `${index + 1}-` : ''}${placeIn(stage, { account, region })}`,
        ruleTypeId: typeOf(ruleProvider.cloudWatchAlarm),
        configuration: { AlarmName: alarm, ...(bake !== undefined && { WaitTime: String(bake) }) },
        roleArn: names.roleArn(account, pipeline.id, 'deploy'),
        region,
      }),
    ),
  )
  return { conditions: [{ result: onFailureOf(stage, around) === 'rollback' ? 'ROLLBACK' : 'FAIL', rules }] }
}

function failureOf(stage: FleetStage, around: Declaring): FailureConditions | undefined {
  switch (onFailureOf(stage, around)) {
    case 'rollback':
      return { result: 'ROLLBACK' }
    case 'retry':
      return { result: 'RETRY', retryConfiguration: { retryMode: 'FAILED_ACTIONS' } }
    default:
      return undefined
  }
}

/** AWS: a pipeline in mode PARALLEL cannot roll back, so that there nothing does by default. */
const onFailureOf = ({ onFailure, alarms }: FleetStage, { pipeline }: Declaring) =>
  onFailure ?? (alarms.length && pipeline.executionMode !== 'PARALLEL' ? 'rollback' : 'stop')
