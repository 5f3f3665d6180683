/** The rules that CodePipeline holds a pipeline's declaration to. */
import type { PipelineDeclaration } from '../model/index.ts'
import { placedRules, placeOfRule } from './conditions.ts'
import type { Home } from './home.ts'
import { placedActions } from './placed-action.ts'
import { checkActions } from './rules/actions.ts'
import { checkArtifacts } from './rules/artifacts.ts'
import { checkConditions } from './rules/conditions.ts'
import { checkForm } from './rules/form.ts'
import { checkHead } from './rules/head.ts'
import { checkStages } from './rules/stages.ts'
import { checkStores } from './rules/stores.ts'
import { checkTriggers } from './rules/triggers.ts'
import { checkVariables } from './rules/variables.ts'
import type { Violation } from './violation.ts'

export type { Violation } from './violation.ts'

/**
 * Gives everything wrong with a declaration, its form first; empty when CodePipeline would take it.
 * Whether roles can be assumed is not part of it. AWS: aws pipeline structure reference and requirements.
 */
export function validateDeclaration(pipeline: PipelineDeclaration, home: Home): Violation[] {
  const actions = placedActions(pipeline)
  const rules = placedRules(pipeline).map(placeOfRule)
  return [
    ...checkForm(pipeline),
    ...checkHead(pipeline),
    ...checkStages(pipeline, actions),
    ...checkActions(pipeline, actions, home),
    ...checkConditions(pipeline),
    ...checkArtifacts(actions, rules, home),
    ...checkStores(pipeline, [...actions, ...rules], home),
    ...checkVariables(pipeline, actions, rules),
    ...checkTriggers(pipeline, actions),
  ]
}
