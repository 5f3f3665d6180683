/** Rules for stages and for which actions stand where. */
import type { PipelineDeclaration } from '../../model/index.ts'
import type { PlacedAction } from '../placed-action.ts'
import { badStage, badValue, repeated, structure, type Violation } from '../violation.ts'

const STAGES = { min: 2, max: 50 }
/** AWS's quota page gives 50 actions a stage in one row and 100 parallel or sequential ones in others. */
const ACTIONS = { certain: 50, max: 100 }

/** What a stage takes for certain. */
export const ACTIONS_PER_STAGE = ACTIONS.certain
const ACTIONS_PER_PIPELINE = 1000

export function checkStages(pipeline: PipelineDeclaration, actions: readonly PlacedAction[]): Violation[] {
  const { stages } = pipeline
  const violations: Violation[] = []
  if (stages.length < STAGES.min)
    violations.push(
      structure(
        'stages',
        `Pipeline has only ${stages.length} stage(s). There should be a minimum of 2 stages in a pipeline`,
      ),
    )
  if (stages.length > STAGES.max)
    violations.push(
      structure(
        'stages',
        `Pipeline has ${stages.length} stages. There should be a maximum of ${STAGES.max} stages in a pipeline`,
      ),
    )
  for (const name of repeated(stages.map((stage) => stage.name)))
    violations.push(
      structure(
        'stages',
        `All stage names within a pipeline must be unique. Name ${name} has been used more than once.`,
      ),
    )
  violations.push(...stages.flatMap((_, index) => checkStage(pipeline, index)))
  if (actions.length > ACTIONS_PER_PIPELINE)
    violations.push(
      structure(
        'stages',
        `Pipeline has ${actions.length} actions. There should be a maximum of ${ACTIONS_PER_PIPELINE}`,
      ),
    )
  return [...violations, ...checkSources(actions)]
}

function checkStage(pipeline: PipelineDeclaration, index: number): Violation[] {
  const stage = pipeline.stages[index]!
  const path = `stages[${index}]`
  const count = stage.actions.length
  const violations: Violation[] = []
  if (count === 0)
    violations.push(
      badStage(`${path}.actions`, `Stage ${stage.name} has no actions; it must have at least one`),
    )
  if (count > ACTIONS.max)
    violations.push(
      badStage(
        `${path}.actions`,
        `Stage ${stage.name} has ${count} actions; at most ${ACTIONS.max} are allowed`,
      ),
    )
  else if (count > ACTIONS.certain)
    violations.push({
      ...badValue(
        `${path}.actions`,
        `Stage ${stage.name} has ${count} actions; AWS states the limit as 50 and as 100`,
      ),
      severity: 'warning',
    })
  if (Array.isArray(stage.blockers) && stage.blockers.length)
    violations.push({
      ...badStage(
        `${path}.blockers`,
        `Stage ${stage.name} has blockers, which AWS reserves for future use and the embedded cloud refuses`,
        'take them out',
      ),
      severity: 'warning',
    })
  for (const name of repeated(stage.actions.map((action) => action.name)))
    violations.push(
      badStage(
        `${path}.actions`,
        `All action names within a stage must be unique. Name ${name} has been used more than once in stage ${stage.name}.`,
      ),
    )
  return violations
}

const isSource = ({ action }: PlacedAction): boolean => action.actionTypeId.category === 'Source'

function checkSources(actions: readonly PlacedAction[]): Violation[] {
  const first = actions.filter((one) => one.stageIndex === 0)
  const later = actions.filter((one) => one.stageIndex > 0)
  const violations: Violation[] = []
  if (!first.length || !first.every(isSource))
    violations.push(
      structure('stages[0]', 'Pipeline should start with a stage that only contains source actions'),
    )
  for (const one of later.filter(isSource))
    violations.push(
      structure(
        one.path,
        `Source action ${one.action.name} is in stage ${one.stage.name}. Source actions can only be in the first stage`,
      ),
    )
  if (actions.length && actions.every(isSource))
    violations.push(
      structure(
        'stages',
        'Pipeline has only source actions. There should be at least one action that is not a source action',
      ),
    )
  return violations
}
