/** Limits of pipelines. */
import type { ActionDeclaration } from '../../../model/index.ts'
import type { KnownPipeline } from '../../landscape/landscape.ts'
import type { StandIns } from '../../landscape/stand-ins.ts'
import type { Counted, Quota } from './quota.ts'

const ofPipelines =
  (used: (pipeline: KnownPipeline) => number): Quota['count'] =>
  ({ pipelines }) =>
    pipelines.map((pipeline) => ({
      subject: `the pipeline ${pipeline.declaration.name}`,
      used: used(pipeline),
      origin: pipeline.origin,
    }))

const ofStages =
  (used: (actions: readonly ActionDeclaration[]) => number): Quota['count'] =>
  ({ pipelines }) =>
    pipelines.flatMap(({ declaration, origin }) =>
      declaration.stages.map(
        ({ name, actions }): Counted => ({
          subject: `the stage ${name} of ${declaration.name}`,
          used: used(actions),
          origin,
        }),
      ),
    )

function mostParallel(actions: readonly ActionDeclaration[]): number {
  const counts = new Map<number, number>()
  for (const { runOrder = 1 } of actions) counts.set(runOrder, (counts.get(runOrder) ?? 0) + 1)
  return Math.max(0, ...counts.values())
}

const longestValue = ({ configuration = {} }: ActionDeclaration, standIns: StandIns): number =>
  Math.max(0, ...Object.values(configuration).map((value) => standIns.shortest(value).length))

export const pipelineQuotas: readonly Quota[] = [
  {
    id: 'quota-stages',
    summary: 'Stages of a pipeline.',
    limit: 50,
    unit: 'stages',
    relief: 'join stages, or split the pipeline',
    count: ofPipelines(({ declaration }) => declaration.stages.length),
  },
  {
    id: 'quota-actions-of-pipeline',
    summary: 'Actions of a pipeline.',
    limit: 1000,
    unit: 'actions',
    relief: 'split the pipeline',
    count: ofPipelines(({ declaration }) =>
      declaration.stages.reduce((sum, { actions }) => sum + actions.length, 0),
    ),
  },
  {
    id: 'quota-actions-of-stage',
    summary: 'Actions of a stage.',
    limit: 100,
    unit: 'actions',
    relief: 'split the stage; AWS’s page of quotas also speaks of 50',
    count: ofStages((actions) => actions.length),
  },
  {
    id: 'quota-parallel-actions',
    summary: 'Actions of a stage with the same run order.',
    limit: 100,
    unit: 'actions',
    relief: 'give some of them a later run order',
    count: ofStages(mostParallel),
  },
  {
    id: 'quota-configuration-value',
    summary: 'Characters of a value in an action’s configuration.',
    limit: 1000,
    unit: 'characters',
    relief: 'put parameters into a file of the artifact (TemplateConfiguration) instead of the action',
    count: ({ pipelines, standIns }) =>
      pipelines.flatMap(({ declaration, origin }) =>
        declaration.stages.flatMap(({ name, actions }) =>
          actions.map((action) => ({
            subject: `the action ${action.name} in ${name} of ${declaration.name}`,
            used: longestValue(action, standIns),
            origin,
          })),
        ),
      ),
  },
]
