/** The conditions of stages and their rules, in the order in which they are looked at. */
import type {
  ActionDeclaration,
  Condition,
  PipelineDeclaration,
  RuleDeclaration,
  StageDeclaration,
} from '../model/index.ts'
import type { PlacedAction } from './placed-action.ts'
import type { ConditionType } from './rule-provider.ts'

export const CONDITION_TYPES: readonly ConditionType[] = ['beforeEntry', 'onSuccess', 'onFailure']

/** Gives the condition of a type. AWS: a stage has one of each at most. */
export const conditionOf = (stage: StageDeclaration, type: ConditionType): Condition | undefined =>
  stage[type]?.conditions?.[0]

/** A rule with its place in the pipeline. */
export interface PlacedRule {
  readonly rule: RuleDeclaration
  readonly type: ConditionType
  readonly stage: StageDeclaration
  readonly stageIndex: number
  /** `stages[1].onSuccess.conditions[0].rules[0]` */
  readonly path: string
}

/** Gives every rule of the pipeline in order. */
export const placedRules = ({ stages }: PipelineDeclaration): PlacedRule[] =>
  stages.flatMap((stage, stageIndex) =>
    CONDITION_TYPES.flatMap((type) =>
      (stage[type]?.conditions ?? []).flatMap(({ rules = [] }, at) =>
        rules.map((rule, index) => ({
          rule,
          type,
          stage,
          stageIndex,
          path: `stages[${stageIndex}].${type}.conditions[${at}].rules[${index}]`,
        })),
      ),
    ),
  )

/**
 * Gives a rule as the action that it is alike: it has a type, a configuration, inputs and a role. AWS: an owner or a
 * version that is not told is AWS's own.
 */
export function actionOfRule({ ruleTypeId, ...rule }: RuleDeclaration): ActionDeclaration {
  const { category, owner = 'AWS', provider, version = '1' } = ruleTypeId
  return { ...rule, actionTypeId: { category, owner, provider, version } }
}

/** What a rule is called where actions are called by their names: `onSuccess › Alarm`. */
export const labelOfRule = (type: ConditionType, name: string): string => `${type} › ${name}`

/** What a stage does that takes permissions, with what it is called: its actions, and the rules of its conditions. */
export interface Work {
  readonly label: string
  readonly action: ActionDeclaration
}

/** Gives the actions of a stage, then the rules of its conditions as actions. */
export function worksOf(stage: StageDeclaration): Work[] {
  const works: Work[] = stage.actions.map((action) => ({ label: action.name, action }))
  for (const type of CONDITION_TYPES)
    for (const { rules = [] } of stage[type]?.conditions ?? [])
      for (const rule of rules)
        works.push({ label: labelOfRule(type, rule.name), action: actionOfRule(rule) })
  return works
}

/** Where a rule stands among the actions, for whoever asks what has run before it. AWS: on entry nothing of the stage has. */
export const placeOfRule = ({ rule, type, stage, stageIndex, path }: PlacedRule): PlacedAction => ({
  action: actionOfRule(rule),
  stage,
  stageIndex,
  runOrder: type === 'beforeEntry' ? 0 : Number.POSITIVE_INFINITY,
  path,
})
