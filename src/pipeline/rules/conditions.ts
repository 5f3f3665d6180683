/** Rules for the conditions of stages: which results they may have, and the rules that they are made of. */
import {
  type ConditionResult,
  nearest,
  type PipelineDeclaration,
  type StageDeclaration,
} from '../../model/index.ts'
import { CONDITION_TYPES, type PlacedRule, placedRules, placeOfRule } from '../conditions.ts'
import { findRuleProvider, ruleProviders } from '../providers/rules/index.ts'
import type { ConditionType } from '../rule-provider.ts'
import { badRule, badStage, repeated, structure, type Violation } from '../violation.ts'
import { checkWork } from './actions.ts'

/** AWS: stage-conditions, "each has specific options for results available as follows". */
const RESULTS: Readonly<Record<ConditionType, readonly ConditionResult[]>> = {
  beforeEntry: ['FAIL', 'SKIP'],
  onSuccess: ['ROLLBACK', 'FAIL'],
  onFailure: ['ROLLBACK'],
}

/** AWS: what a failed stage does without any condition (stage-rollback-auto, stage-retry). */
const RESULTS_OF_FAILURE: readonly ConditionResult[] = ['ROLLBACK', 'RETRY']

/** How many conditions and rules there may be, checkForm says. */
export function checkConditions(pipeline: PipelineDeclaration): Violation[] {
  return [
    ...checkPipelineType(pipeline),
    ...pipeline.stages.flatMap((stage, index) => [
      ...checkResults(pipeline, stage, index),
      ...checkFailure(pipeline, stage, index),
      ...checkNames(stage, index),
    ]),
    ...placedRules(pipeline).flatMap(checkRule),
  ]
}

/** AWS: "V2 type pipelines now support stage level conditions" (announcement of August 2024). */
function checkPipelineType({ stages, pipelineType = 'V1' }: PipelineDeclaration): Violation[] {
  if (pipelineType !== 'V1') return []
  return stages.flatMap((stage, index) =>
    CONDITION_TYPES.filter((type) => stage[type] !== undefined).map((type) =>
      structure(
        `stages[${index}].${type}`,
        `Pipeline type V2 is needed for ${type} of the stage ${stage.name}; the pipeline is of type V1`,
        `make the pipeline one of type V2, or leave out ${type}`,
      ),
    ),
  )
}

function checkResults(pipeline: PipelineDeclaration, stage: StageDeclaration, index: number): Violation[] {
  return CONDITION_TYPES.flatMap((type) =>
    (stage[type]?.conditions ?? []).flatMap(({ result: own, rules = [] }, at) => {
      const path = `stages[${index}].${type}.conditions[${at}]`
      const result = own ?? (type === 'onFailure' ? stage.onFailure?.result : undefined)
      const what = `Condition ${type} of the stage ${stage.name}`
      const allowed = RESULTS[type]
      return [
        ...(result === undefined
          ? [badStage(`${path}.result`, `${what} has no result`, `give it one of ${allowed.join(', ')}`)]
          : allowed.includes(result)
            ? checkRollback(pipeline, stage, { index, result, path: `${path}.result` })
            : [
                badStage(
                  `${path}.result`,
                  `${what} has the result ${result}; allowed are ${allowed.join(', ')}`,
                ),
              ]),
        ...(rules.length ? [] : [badStage(`${path}.rules`, `${what} has no rules`, 'give it a rule')]),
        ...(result === 'SKIP' ? rules.flatMap((rule, nth) => checkSkip(rule, `${path}.rules[${nth}]`)) : []),
      ]
    }),
  )
}

/** AWS: "only the LambdaInvoke and VariableCheck rules are supported" for SKIP. */
function checkSkip({ name, ruleTypeId }: PlacedRule['rule'], path: string): Violation[] {
  const provider = findRuleProvider(ruleTypeId)
  if (!provider || provider.skips) return []
  const able = ruleProviders.flatMap(({ skips, type }) => (skips ? type.provider : []))
  return [
    badRule(
      `${path}.ruleTypeId`,
      `Rule ${name} of the provider ${provider.type.provider} cannot skip a stage`,
      `use a rule of ${able.join(' or ')}, or the result FAIL`,
    ),
  ]
}

/** AWS: "You cannot roll back a source stage" (stage-rollback); PARALLEL has no rollback (execution-modes). */
function checkRollback(
  { executionMode }: PipelineDeclaration,
  { name }: StageDeclaration,
  { index, result, path }: { index: number; result: ConditionResult; path: string },
): Violation[] {
  if (result !== 'ROLLBACK') return []
  if (index === 0)
    return [badStage(path, `Stage ${name} has the result ROLLBACK; a source stage cannot be rolled back`)]
  if (executionMode === 'PARALLEL')
    return [
      badStage(
        path,
        `Stage ${name} has the result ROLLBACK, which a pipeline in PARALLEL mode cannot do`,
        'use the mode QUEUED or SUPERSEDED',
      ),
    ]
  return []
}

function checkFailure(pipeline: PipelineDeclaration, stage: StageDeclaration, index: number): Violation[] {
  const { result, retryConfiguration, conditions } = stage.onFailure ?? {}
  const path = `stages[${index}].onFailure`
  const violations: Violation[] = []
  if (result !== undefined && !RESULTS_OF_FAILURE.includes(result))
    violations.push(
      badStage(
        `${path}.result`,
        `Stage ${stage.name} has the result ${result} on failure; allowed are ${RESULTS_OF_FAILURE.join(', ')}`,
      ),
    )
  else if (result !== undefined)
    violations.push(...checkRollback(pipeline, stage, { index, result, path: `${path}.result` }))
  if (retryConfiguration && result !== 'RETRY')
    violations.push(
      badStage(
        `${path}.retryConfiguration`,
        `Stage ${stage.name} has a retry configuration; only the result RETRY takes one`,
        'give onFailure the result RETRY, or take the retry configuration out',
      ),
    )
  // AWS: "You cannot use automatic stage retry with onFailure conditions" (stage-conditions).
  if (result === 'RETRY' && conditions?.length)
    violations.push(
      badStage(
        path,
        `Stage ${stage.name} has automatic retry and conditions on failure; it can have one of them`,
        'take the conditions out, or the result RETRY',
      ),
    )
  return violations
}

/** AWS: states and executions of rules are told by their names (GetPipelineState, ListRuleExecutions). */
const checkNames = (stage: StageDeclaration, index: number): Violation[] =>
  CONDITION_TYPES.flatMap((type) =>
    (stage[type]?.conditions ?? []).flatMap(({ rules = [] }, at) =>
      repeated(rules.map(({ name }) => name)).map((name) =>
        badStage(
          `stages[${index}].${type}.conditions[${at}].rules`,
          `All rule names within a condition must be unique. Name ${name} has been used more than once in ${type} of the stage ${stage.name}.`,
          `give one of the rules ${name} another name`,
        ),
      ),
    ),
  )

function checkRule(placed: PlacedRule): Violation[] {
  const { rule, path } = placed
  const provider = findRuleProvider(rule.ruleTypeId)
  if (!provider) return [unknownProvider(placed)]
  const user = placeOfRule(placed)
  const stray = rule.commands && !provider.runsCommands
  return [
    ...checkWork(user, provider),
    ...(stray
      ? [
          badRule(
            `${path}.commands`,
            `Rule ${rule.name} has commands, which the provider ${provider.type.provider} does not run`,
            'take them out',
          ),
        ]
      : []),
  ]
}

function unknownProvider({ rule: { name, ruleTypeId }, path }: PlacedRule): Violation {
  const { provider, version = '1' } = ruleTypeId
  const known = ruleProviders.map(({ type }) => type.provider)
  const meant = known.includes(provider) ? provider : nearest(provider, known)
  return badRule(
    `${path}.ruleTypeId`,
    `RuleType (Category: 'Rule', Provider: '${provider}', Owner: 'AWS', Version: '${version}') in rule '${name}' is not available in region`,
    `there is ${(meant ? [meant] : known).map((one) => `Provider ${one}, Version 1`).join('; or ')}`,
  )
}
