/** What is wrong with the outputs that texts of a pipeline take, as far as the application's templates tell. */
import {
  type Fleet,
  type FleetPipeline,
  type FleetStage,
  findOutput,
  type OutputSource,
  type OutputUse,
  usesIn,
} from '../fleet/index.ts'
import { FleetError, nearest } from '../model/index.ts'
import type { Applications } from './application.ts'
import { placeScope } from './scopes.ts'

/** Adds an error for each output that its stack will not have; a warning where the build writes the template. */
export function checkOutputs(fleet: Fleet, pipeline: FleetPipeline, applications: Applications): void {
  for (const stage of pipeline.stages) {
    for (const { use, step } of usesIn(stage))
      for (const place of stage.places) {
        const source = findOutput(pipeline.stages, { stage, step, ...place }, use)
        if (source) checkOutput(use, source, fleet, pipeline, applications)
      }
    applications.warnings.push(...lateChangeSets(stage))
  }
}

function checkOutput(
  use: OutputUse,
  { deploy, place }: OutputSource,
  fleet: Fleet,
  pipeline: FleetPipeline,
  applications: Applications,
): void {
  const tell = (what: string, fix: string) => new FleetError(what, { location: use.location, fix })
  const known = applications.outputsOf(deploy, placeScope(fleet, pipeline, place))
  if (!known || known.names.includes(use.output)) return
  const meant = nearest(use.output, known.names)
  const fix = meant
    ? `write \`${meant}\``
    : `${known.names.length ? `use one of ${known.names.join(', ')}, or add it` : 'add it'} to the Outputs of ${known.file}`
  applications.complain(tell(`${known.file} has no output \`${use.output}\``, fix), known.mayDiffer)
}

/** An approver does not see what a change set would do that is made after the answer. */
const lateChangeSets = ({ name, steps, approve }: FleetStage): FleetError[] => {
  const asked = steps.findIndex((step) => step.some(({ kind }) => kind === 'approve'))
  if (!approve || asked < 0) return []
  const late = steps.slice(asked).flat()
  return late.flatMap((step) =>
    step.kind !== 'prepare' || !step.deploy.outputs.length
      ? []
      : new FleetError(
          `the change set of ${step.deploy.name} is made after the approval of ${name}: it takes an output of the same stage`,
          { location: step.deploy.location, fix: 'use two stages: the first deploys what has the output' },
        ),
  )
}
