/** What a proof is made of: the assembly of a fleet file, or plain templates named on the command line. */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  type Finding,
  type FurtherNeeds,
  type GivenOrganization,
  type KnownPipeline,
  type Landscape,
  onKnownKeys,
  type PlacedTemplate,
  type Proof,
  prove,
  type ReadExisting,
  readAssembly,
  readExisting,
  readLandscape,
} from '../access/index.ts'
import { FLEET_FILES, type Fleet, loadFleet } from '../fleet/index.ts'
import type { ApplicationStackNeeds, Assembly, Target } from '../model/index.ts'
import { deployedStacks, namedThings } from '../pipeline/index.ts'
import { applicationTemplates, furtherNeedsOf, placedIn } from './application-templates.ts'
import { type Invocation, UsageError } from './command.ts'
import { templateFile } from './named-file.ts'
import { organizationOf } from './organization-input.ts'
import { placedTemplates } from './placed-templates.ts'
import { inputFindings } from './stack-inputs.ts'
import { countOf } from './view/text.ts'
import { type Workspace, withWorkspace, workspaceOf } from './workspace.ts'

export interface ProofInput {
  /** What is checked, for the summary. */
  readonly name: string
  readonly landscape: Landscape
  readonly further: readonly FurtherNeeds[]
  /** Whether everything is there: true for what a fleet file makes. */
  readonly complete: boolean
  readonly assembly?: Assembly
  /** Templates of stacks that the pipelines deploy. */
  readonly applications: readonly PlacedTemplate[]
  /** What CloudFormation will refuse of what pipelines give those stacks. */
  readonly inputs: readonly Finding[]
}

/** Gives what the command line asks to be proven. Errors: UsageError, FleetError. */
export async function proofInputOf(invocation: Invocation): Promise<ProofInput> {
  if (!invocation.options.templates) return ofFleet(invocation)
  if (invocation.options.live)
    throw new UsageError('--live goes with a fleet file: it reads what the file says stands already')
  const fleet = await nearbyFleet(invocation)
  const templates = placedTemplates(invocation, fleet)
  const landscape = readLandscape(templates, organizationOf(invocation, fleet))
  const stacks = landscape.pipelines.flatMap(({ declaration, account, region }) =>
    deployedStacks(declaration, { account, region }),
  )
  const deployed = applicationTemplates(applicationsIn(invocation), stacks)
  const further = furtherNeedsOf(deployed, templates, landscape.standIns)
  return {
    name: countOf(templates.length, 'template'),
    landscape,
    further,
    complete: false,
    applications: deployed.map(placedIn),
    inputs: inputFindings(deployed, landscape),
  }
}

/** What `--application` names. */
export const applicationsIn = ({ options }: Invocation): readonly string[] =>
  (options.application ?? []) as unknown as string[]

export const proofOf = ({ landscape, further, complete }: ProofInput): Proof =>
  prove(landscape, { further, complete })

async function ofFleet(invocation: Invocation): Promise<ProofInput> {
  if (invocation.options.application !== undefined)
    throw new UsageError('--application goes with --templates: a fleet file names the templates itself')
  if (!invocation.options.live) return proofInputIn(await workspaceOf(invocation), invocation)
  return withWorkspace(invocation, async (workspace) =>
    proofInputIn(workspace, invocation, await readExistingOf(workspace)),
  )
}

/** Gives what of a workspace is to be proven, with what was read of what stands already. Errors: UsageError, FleetError. */
export function proofInputIn(
  { fleet, assembly }: Pick<Workspace, 'fleet' | 'assembly'>,
  invocation: Pick<Invocation, 'options'>,
  read?: ReadExisting,
): ProofInput {
  const organization = organizationOf(invocation, fleet)
  const ofTemplates = ofAssembly(assembly, organization)
  const proven = { ...ofTemplates, landscape: read?.with(ofTemplates.landscape) ?? ofTemplates.landscape }
  const unread = (assembly.existing ?? []).filter((one) => !read || read.unread.has(one))
  const applications = applicationsBeside(fleet.directory, proven.landscape, assembly)
  return {
    name: fleet.name,
    ...proven,
    landscape: withDeploymentGroups(proven.landscape, applications),
    complete: true,
    assembly: {
      ...assembly,
      warnings: [...(assembly.warnings ?? []), ...unread.flatMap(({ told }) => told)],
    },
    applications,
    // What a fleet file gives was held against its templates when the assembly was made.
    inputs: read?.findings ?? [],
  }
}

/** Gives the landscape with the groups of CodeDeploy that applications make, where a pipeline deploys to one. */
function withDeploymentGroups(landscape: Landscape, applications: readonly PlacedTemplate[]): Landscape {
  const actions = landscape.pipelines.flatMap(({ declaration }) =>
    declaration.stages.flatMap((stage) => stage.actions),
  )
  const isAsked = actions.some((one) => namedThings(one.actionTypeId, one.configuration).deploymentGroup)
  if (!isAsked) return landscape
  const { deploymentGroups } = readLandscape(applications)
  return { ...landscape, deploymentGroups: new Map([...deploymentGroups, ...landscape.deploymentGroups]) }
}

/** Reads what a fleet uses and no stack of it makes; undefined where it uses nothing of the kind. */
export const readExistingOf = async ({
  assembly,
  accounts,
  hub,
}: Pick<Workspace, 'assembly' | 'accounts' | 'hub'>): Promise<ReadExisting | undefined> =>
  assembly.existing?.length ? readExisting(accounts, assembly, hub) : undefined

/**
 * The templates of deployed stacks as they stand beside the fleet file; for one that a build writes, the one that the fleet
 * file says it is made from.
 */
function applicationsBeside(
  directory: string,
  { pipelines }: Landscape,
  assembly: Assembly,
): PlacedTemplate[] {
  const origins = new Map(
    assembly.pipelines.flatMap(({ applications = [] }) =>
      applications.map(({ stack, file, ...target }) => [placeOf(stack, target), file]),
    ),
  )
  const stacks = pipelines.flatMap(({ declaration, account, region }) =>
    deployedStacks(declaration, { account, region }),
  )
  return stacks.flatMap((stack): PlacedTemplate[] => {
    const candidates = [stack.template?.path, origins.get(placeOf(stack.name, stack))]
    const file = candidates
      .flatMap((path) => (path ? relative('', join(directory, path)) : []))
      .find((path) => existsSync(path))
    if (file === undefined) return []
    const source = templateFile(file, literals(stack.parameters), stack)
    return [placedIn({ stack, ...source, values: {}, given: [], defaults: !stack.settings, tagged: false })]
  })
}

const literals = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((one): one is [string, string] => one[1] !== undefined))

/** Gives the landscape of an assembly, and what its application templates need besides. */
export function ofAssembly(
  assembly: Assembly,
  organization?: GivenOrganization,
): Pick<ProofInput, 'landscape' | 'further'> {
  const landscape = readAssembly(assembly, organization)
  const further = landscape.pipelines.flatMap((pipeline) => {
    const { name } = pipeline.declaration
    const found = assembly.pipelines.find(({ declaration }) => declaration.name === name)
    const { applications = [], others = [] } = found ?? {}
    return [
      ...applicationNeeds(pipeline, applications),
      ...others.map(
        ({ stage, needs, ...one }): FurtherNeeds => ({
          ...{ pipeline: name, title: stage, ...one },
          needs: onKnownKeys(needs, landscape),
        }),
      ),
    ]
  })
  return { landscape, further }
}

/** What each stack of a fleet's pipeline needs, at the action that changes it. */
function applicationNeeds(
  { declaration, ...home }: KnownPipeline,
  applications: readonly ApplicationStackNeeds[],
): FurtherNeeds[] {
  const changes = new Map(deployedStacks(declaration, home).map((one) => [placeOf(one.name, one), one]))
  return applications.map(({ stack, needs, ...target }): FurtherNeeds => {
    const change = changes.get(placeOf(stack, target))
    const pipeline = declaration.name
    return change
      ? { pipeline, title: change.stage, action: change.action, region: target.region, needs }
      : {
          pipeline,
          title: `the stack ${stack} in ${target.account} ${target.region}`,
          region: target.region,
          needs,
        }
  })
}

const placeOf = (stack: string, { account, region }: Target): string => `${account} ${region} ${stack}`

/** The fleet file that names places and organization, where there is one. */
async function nearbyFleet({ options }: Invocation): Promise<Fleet | undefined> {
  const file = typeof options.fleet === 'string' ? options.fleet : undefined
  return file || FLEET_FILES.some((name) => existsSync(name)) ? loadFleet(file) : undefined
}
