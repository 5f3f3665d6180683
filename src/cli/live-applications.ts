/** A live pipeline with the templates of the stacks that it deploys: named on the command line, else as they stand. */
import {
  type FurtherNeeds,
  type LivePipeline,
  type LiveTemplate,
  type Reach,
  readLivePipeline,
} from '../access/index.ts'
import type { DeployedStack } from '../pipeline/index.ts'
import {
  applicationTemplates,
  furtherNeedsOf,
  notOverridden,
  type StackTemplate,
} from './application-templates.ts'
import { UsageError } from './command.ts'
import type { DoctorInput } from './doctor-accounts.ts'

/**
 * Reads the pipeline and what its stacks need. A pipeline of the fleet file has its templates beside that file.
 * Errors: UsageError for templates of stacks that the pipeline does not deploy, FleetError as `readLivePipeline`.
 */
export async function readWithApplications(
  { reach, place, further }: Pick<DoctorInput, 'place' | 'further'> & { readonly reach: Reach },
  given: readonly string[],
): Promise<{ readonly live: LivePipeline; readonly further: readonly FurtherNeeds[] }> {
  if (further.length && given.length)
    throw new UsageError('--application is for pipelines that the fleet file does not make')
  if (further.length) return { live: await readLivePipeline(reach, place), further }
  const named: StackTemplate[] = []
  const readsTemplates = (stacks: readonly DeployedStack[]) => {
    named.push(...applicationTemplates(given, stacks))
    return stacks.filter((stack) => !named.some((one) => one.stack === stack))
  }
  const live = await readLivePipeline(reach, { ...place, readsTemplates })
  const templates = [...named, ...live.stackTemplates.map(ofLive)]
  return { live, further: furtherNeedsOf(templates, [], live.landscape.standIns) }
}

const ofLive = ({ stack, template, parameters, tagged }: LiveTemplate): StackTemplate => ({
  ...{ stack, template, tagged },
  ...{ transforms: [], given: [] },
  // What an action takes from its artifact is another with the next version.
  values: notOverridden(parameters ?? {}, stack),
  defaults: parameters !== undefined || !stack.settings,
})
