/** The application's templates of one pipeline: their capabilities, and what CloudFormation needs for them. */
import { dirname, join, resolve } from 'node:path'
import {
  deployedStack,
  deployedStackSet,
  expandText,
  type Fleet,
  type FleetDeploy,
  type FleetPipeline,
  type StackDeploy,
  stackName,
  stackOfSet,
  type TextScope,
} from '../fleet/index.ts'
import { type Arn, FleetError, type Need, type SourceLocation } from '../model/index.ts'
import { stackSetStackPrefix } from '../pipeline/index.ts'
import { type Place, placeOfFault, TemplateFault } from '../template/index.ts'
import { type ApplicationInputs, inputProblems } from './application-inputs.ts'
import type { Names } from './names.ts'
import {
  ALL_CAPABILITIES,
  ApplicationTemplate,
  capabilitiesOf,
  type ProcessedTemplate,
  templateText,
} from './permissions/application-template.ts'
import { type ExecutionNeeds, executionNeeds } from './permissions/execution-needs.ts'
import { placeScope, type StageScope } from './scopes.ts'
import { stackSetsOf } from './stack-sets.ts'

/** One stack that a pipeline deploys. */
export interface ApplicationStack {
  readonly name: string
  /** The role that CloudFormation acts as. */
  readonly role: Arn
  readonly deploy: StackDeploy
  readonly scope: StageScope
  readonly needs: readonly Need[]
  /** Types in its template that nothing is known about. */
  readonly unknownTypes: readonly string[]
  /** The template that they were told from, as the fleet file names it. */
  readonly file?: string
}

export interface KnownOutputs {
  readonly names: readonly string[]
  readonly file: string
  readonly mayDiffer: boolean
}

/** One stack, and who makes it. */
interface StackAround extends Pick<ApplicationInputs, 'scope' | 'pipeline' | 'changeSets' | 'stack'> {
  /** What CloudFormation acts as. */
  readonly role: Arn
  /** Who asks CloudFormation. */
  readonly caller: Arn
}

/** Reads each template file once for a whole synthesis and gathers what is wrong with them. */
export class Applications {
  readonly errors: FleetError[] = []
  readonly warnings: FleetError[] = []
  readonly #fleet: Fleet
  readonly #names: Names
  readonly #templates = new Map<string, ApplicationTemplate | undefined>()
  readonly #capabilities = new Map<ApplicationTemplate, string>()
  readonly #unreadable = new Set<string>()
  readonly #complained = new Set<string>()

  constructor(fleet: Fleet, names: Names) {
    this.#fleet = fleet
    this.#names = names
  }

  /** Capabilities of a deploy, comma separated; all that there are when its template is not at hand. */
  capabilities({ configuration, location }: FleetDeploy, scope: TextScope): string {
    const set = deployedStackSet(configuration)
    const deploy = set ? stackOfSet(set) : deployedStack(configuration)
    if (!deploy) return ''
    const template = this.#template(deploy, location, scope)
    if (!template) return ALL_CAPABILITIES.join(',')
    let capabilities = this.#capabilities.get(template)
    if (capabilities === undefined) {
      const asked =
        this.#checked(deploy, location, scope, () =>
          capabilitiesOf(
            template.processed(knownParameters(deploy, scope), {
              region: scope.region ?? this.#fleet.hub.region,
              account: scope.account,
            }),
          ),
        ) ?? ALL_CAPABILITIES
      capabilities = asked.join(',')
      this.#capabilities.set(template, capabilities)
    }
    return capabilities
  }

  /** Gives the names of a stack's outputs, and whether those of the deployed template may be others; undefined where nobody knows. */
  outputsOf({ configuration, location }: FleetDeploy, scope: StageScope): KnownOutputs | undefined {
    const deploy = deployedStack(configuration)
    const template = deploy && this.#template(deploy, location, scope)
    const processed = template && unlessFault(() => template.processed(knownParameters(deploy, scope), scope))
    if (!processed) return undefined
    return {
      names: Object.keys(processed.template.Outputs ?? {}),
      file: templateName(deploy, scope),
      mayDiffer: deploy.permissionsFrom !== undefined,
    }
  }

  /** Keeps an error, or a warning, once. */
  complain(error: FleetError, isWarning = false): void {
    this.#once(String(error), () => (isWarning ? this.warnings : this.errors).push(error))
  }

  /** Every stack that a pipeline deploys, in the order of its stages, with what CloudFormation needs for it. */
  stacks(pipeline: FleetPipeline): ApplicationStack[] {
    return [...this.#ownStacks(pipeline), ...this.#stacksOfSets(pipeline)]
  }

  #ownStacks(pipeline: FleetPipeline): ApplicationStack[] {
    return pipeline.stages.flatMap((stage) =>
      stage.places.flatMap((place) => {
        const scope = placeScope(this.#fleet, pipeline, place)
        return stage.deploys.flatMap(({ configuration, location }) => {
          const deploy = deployedStack(configuration)
          if (!deploy) return []
          const { account } = scope
          return this.#stack(deploy, location, {
            ...{ scope, pipeline, changeSets: stage.changeSets, stack: stackName(deploy, scope) },
            role: this.#names.roleArn(account, pipeline.id, 'cloudformation'),
            caller: this.#names.roleArn(account, pipeline.id, 'deploy'),
          })
        })
      }),
    )
  }

  /** AWS: with service-managed permissions the stacks have StackSets' own roles, which may do everything, and no macros. */
  #stacksOfSets(pipeline: FleetPipeline): ApplicationStack[] {
    return stackSetsOf(this.#fleet, pipeline).flatMap(({ deploy: set, name, scope, location }) => {
      const deploy = stackOfSet(set)
      const template = set.organizationalUnits && this.#template(deploy, location, scope)
      const processed = template && unlessFault(() => template.processed({}, scope))
      if (processed?.transforms.length)
        this.complain(
          new FleetError(`the stack set ${name} goes to organizational units, and its template has macros`, {
            location,
            fix: 'have the build write what they make of it, or name `accounts`',
          }),
        )
      return (set.accounts ?? []).flatMap((account) => {
        const role = this.#names.executionRoleArn(account, pipeline.id)
        return set.regions.map((region) =>
          this.#stack(deploy, location, {
            ...{ scope: { ...scope, account, region }, pipeline, changeSets: false, role },
            stack: `${stackSetStackPrefix(name)}*`,
            caller: role,
          }),
        )
      })
    })
  }

  #stack(
    deploy: StackDeploy,
    location: SourceLocation,
    { scope, pipeline, changeSets, stack: name, role, caller }: StackAround,
  ): ApplicationStack {
    const { account, region } = scope
    const stack = { role, deploy, scope, name }
    const beside = this.#template(deploy, location, scope)
    const parameters = knownParameters(deploy, scope)
    const processed = beside && this.#processed(beside, parameters, { deploy, location, scope })
    if (processed)
      this.#checkInputs({
        ...{ deploy, location, scope, pipeline, changeSets, processed, parameters },
        stack: stack.name,
      })
    if (!processed || deploy.permissions) return { ...stack, needs: [], unknownTypes: [] }
    const { needs, unknownTypes } = this.#checked(deploy, location, scope, (): ExecutionNeeds => {
      return executionNeeds(role, {
        template: processed.template,
        parameters,
        account,
        region,
        stack: stack.name,
        removed: deploy.removed,
        tagged: deploy.configuration !== undefined,
        caller,
      })
    }) ?? { needs: [], unknownTypes: [] }
    for (const type of unknownTypes)
      this.#once(`${location.line}:${type}`, () =>
        this.warnings.push(
          new FleetError(`no known permissions for ${type}`, {
            location,
            fix: 'list what CloudFormation may do under `permissions:` of the deploy',
          }),
        ),
      )
    return { ...stack, needs, unknownTypes, file: templateName(deploy, scope) }
  }

  /** What the transforms make of a template. One whose permissions are listed need not be one that can be told here. */
  #processed(
    template: ApplicationTemplate,
    parameters: Readonly<Record<string, string | undefined>>,
    { deploy, location, scope }: Pick<ApplicationInputs, 'deploy' | 'location' | 'scope'>,
  ): ProcessedTemplate | undefined {
    const process = () => template.processed(parameters, scope)
    return deploy.permissions ? unlessFault(process) : this.#checked(deploy, location, scope, process)
  }

  #checkInputs(around: Omit<ApplicationInputs, 'directory' | 'file'>): void {
    const file = templateName(around.deploy, around.scope)
    const { errors, warnings } = inputProblems({ ...around, directory: this.#fleet.directory, file })
    for (const one of errors) this.#once(String(one), () => this.errors.push(one))
    for (const one of warnings) this.#once(String(one), () => this.warnings.push(one))
  }

  /** The template that the permissions are computed from, read beside the fleet file. */
  #template(
    deploy: StackDeploy,
    location: SourceLocation,
    scope: TextScope,
  ): ApplicationTemplate | undefined {
    const name = templateName(deploy, scope)
    let template = this.#templates.get(name)
    if (!template && !this.#templates.has(name)) {
      template = this.#read(name, location)
      this.#templates.set(name, template)
    }
    if (!template && !deploy.permissions && !this.#unreadable.has(name))
      this.#once(`${location.line}:${name}`, () =>
        this.errors.push(
          new FleetError(`the template ${name} is not beside the fleet file`, {
            location,
            fix: 'if the build writes it, name the file it is made from with `permissionsFrom:`, or list `permissions:`',
          }),
        ),
      )
    return template
  }

  /** Gives what a template gives; undefined, and an error is kept, where CloudFormation would refuse it. */
  #checked<T>(deploy: StackDeploy, location: SourceLocation, scope: TextScope, give: () => T): T | undefined {
    try {
      return give()
    } catch (fault) {
      if (!(fault instanceof TemplateFault)) throw fault
      const name = templateName(deploy, scope)
      this.#once(`${location.line}:${name}:${fault.message}`, () =>
        this.errors.push(
          new FleetError(`the template ${name} cannot be deployed: ${fault.message}`, {
            location: within(name, location, this.#templates.get(name)?.placeOf(fault)),
            fix: fault.fix ?? 'mend the template',
          }),
        ),
      )
      return undefined
    }
  }

  #read(name: string, location: SourceLocation): ApplicationTemplate | undefined {
    const text = templateText(resolve(this.#fleet.directory, name))
    if (text === undefined) return undefined
    try {
      return new ApplicationTemplate(text)
    } catch (fault) {
      if (!(fault instanceof TemplateFault)) throw fault
      this.errors.push(
        new FleetError(`the template ${name} cannot be read: ${fault.told ?? fault.message}`, {
          location: within(name, location, placeOfFault(text, fault)),
          fix: fault.fix ?? 'mend the template',
        }),
      )
      this.#unreadable.add(name)
      return undefined
    }
  }

  #once(key: string, act: () => void): void {
    if (this.#complained.has(key)) return
    this.#complained.add(key)
    act()
  }
}

/** A place in a template that a fleet file names. */
const within = (name: string, { file }: SourceLocation, place?: Place): SourceLocation => ({
  file: join(dirname(file), name),
  ...place,
})

function unlessFault<T>(give: () => T): T | undefined {
  try {
    return give()
  } catch (fault) {
    if (fault instanceof TemplateFault) return undefined
    throw fault
  }
}

const templateName = (deploy: StackDeploy, scope: TextScope): string =>
  expandText(deploy.permissionsFrom ?? deploy.template, scope)

/** Of the artifact, of a stack that is deployed before, or a variable of the pipeline. */
const UNKNOWN_VALUE = /^\$\{artifact\.|\$\{outputs\.|#\{/

/** Parameter values as far as the fleet file gives them; others are known at run time. */
function knownParameters(deploy: StackDeploy, scope: TextScope): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(deploy.parameters).map(([name, value]) => [
      name,
      UNKNOWN_VALUE.test(value) ? undefined : expandText(value, scope),
    ]),
  )
}
