/** The application's templates of one pipeline: their capabilities, and what CloudFormation needs for them. */
import { resolve } from 'node:path'
import {
  type CloudFormationDeploy,
  expandText,
  type Fleet,
  type FleetDeploy,
  type FleetPipeline,
  stackName,
  type TextScope,
} from '../fleet/index.ts'
import { type Arn, FleetError, type Need, type SourceLocation, type Template } from '../model/index.ts'
import { processTemplate, TemplateFault } from '../template/index.ts'
import { type StageScope, stageScope } from './declare-pipeline.ts'
import type { Names } from './names.ts'
import { capabilitiesOf, readTemplate } from './permissions/application-template.ts'
import { executionNeeds } from './permissions/execution-needs.ts'

interface Processed {
  readonly template: Template
  readonly transforms: readonly string[]
}

/** One stack that a pipeline deploys. */
export interface ApplicationStack {
  readonly name: string
  /** The role that CloudFormation acts as. */
  readonly role: Arn
  readonly deploy: CloudFormationDeploy
  readonly scope: StageScope
  readonly needs: readonly Need[]
  /** Types in its template that nothing is known about. */
  readonly unknownTypes: readonly string[]
}

/** Reads each template file once for a whole synthesis and gathers what is wrong with them. */
export class Applications {
  readonly errors: FleetError[] = []
  readonly warnings: FleetError[] = []
  readonly #fleet: Fleet
  readonly #names: Names
  readonly #written = new Map<string, Template | undefined>()
  readonly #capabilities = new Map<Template, string>()
  readonly #complained = new Set<string>()

  constructor(fleet: Fleet, names: Names) {
    this.#fleet = fleet
    this.#names = names
  }

  /** Capabilities of a deploy, comma separated; all that there are when its template is not at hand. */
  capabilities({ configuration, location }: FleetDeploy, scope: TextScope): string {
    if (!('cloudformation' in configuration)) return ''
    const processed = this.#template(configuration.cloudformation, location, scope)
    if (!processed) return 'CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND'
    const { template, transforms } = processed
    let capabilities = this.#capabilities.get(template)
    if (capabilities === undefined) {
      capabilities = capabilitiesOf(template, transforms).join(',')
      this.#capabilities.set(template, capabilities)
    }
    return capabilities
  }

  /** Every stack that a pipeline deploys, in the order of its stages, with what CloudFormation needs for it. */
  stacks(pipeline: FleetPipeline): ApplicationStack[] {
    return pipeline.stages.flatMap((stage) =>
      stage.regions.flatMap((region) => {
        const scope = stageScope(this.#fleet, pipeline, stage, region)
        return stage.deploys.flatMap(({ configuration, location }) =>
          'cloudformation' in configuration ? this.#stack(configuration.cloudformation, location, scope) : [],
        )
      }),
    )
  }

  #stack(deploy: CloudFormationDeploy, location: SourceLocation, scope: StageScope): ApplicationStack {
    const { account, region } = scope
    const role = this.#names.roleArn(account, scope.pipeline, 'cloudformation')
    const stack = { role, deploy, scope, name: stackName(deploy, scope) }
    const processed = deploy.permissions ? undefined : this.#template(deploy, location, scope)
    if (!processed) return { ...stack, needs: [], unknownTypes: [] }
    const { needs, unknownTypes } = executionNeeds(role, {
      template: processed.template,
      parameters: knownParameters(deploy, scope),
      account,
      region,
      stack: stack.name,
      removed: deploy.removed,
      tagged: deploy.configuration !== undefined,
    })
    for (const type of unknownTypes)
      this.#once(`${location.line}:${type}`, () =>
        this.warnings.push(
          new FleetError(`no known permissions for ${type}`, {
            location,
            fix: 'list what CloudFormation may do under `permissions:` of the deploy',
          }),
        ),
      )
    return { ...stack, needs, unknownTypes }
  }

  /** The template that the permissions are computed from, its transforms carried out. */
  #template(deploy: CloudFormationDeploy, location: SourceLocation, scope: TextScope): Processed | undefined {
    const name = expandText(deploy.permissionsFrom ?? deploy.template, scope)
    const template = this.#file(deploy, name, location)
    return template && this.#processed(template, { deploy, name, location, scope })
  }

  #processed(
    template: Template,
    {
      deploy,
      name,
      location,
      scope,
    }: { deploy: CloudFormationDeploy; name: string; location: SourceLocation; scope: TextScope },
  ): Processed {
    const given = Object.entries(knownParameters(deploy, scope)).filter(([, value]) => value !== '*')
    const options = {
      parameters: new Map(given),
      region: scope.region ?? this.#fleet.hub.region,
      artifacts: 'open',
    } as const
    try {
      const processed = processTemplate(template as unknown as Record<string, unknown>, options)
      return { template: processed.template as unknown as Template, transforms: processed.transforms }
    } catch (cause) {
      if (!(cause instanceof TemplateFault)) throw cause
      this.#once(`${name}:${cause.message}`, () =>
        this.errors.push(
          new FleetError(`the template ${name} cannot be read: ${cause.message}`, {
            location,
            fix: cause.fix ?? 'mend the template',
          }),
        ),
      )
      return { template: { Resources: {} }, transforms: [] }
    }
  }

  /** The template as it stands beside the fleet file. */
  #file(deploy: CloudFormationDeploy, name: string, location: SourceLocation): Template | undefined {
    let template = this.#written.get(name)
    if (!template && !this.#written.has(name)) {
      template = this.#read(name, location)
      this.#written.set(name, template)
    }
    if (!template && !deploy.permissions)
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

  #read(name: string, location: SourceLocation): Template | undefined {
    try {
      return readTemplate(resolve(this.#fleet.directory, name))
    } catch (cause) {
      this.errors.push(
        new FleetError(`the template ${name} cannot be read: ${(cause as Error).message}`, {
          location,
          fix: 'mend the template',
        }),
      )
      return { Resources: {} }
    }
  }

  #once(key: string, act: () => void): void {
    if (this.#complained.has(key)) return
    this.#complained.add(key)
    act()
  }
}

/** Parameter values as far as the fleet file gives them; those of the artifact are known at run time. */
function knownParameters(deploy: CloudFormationDeploy, scope: TextScope): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deploy.parameters).map(([name, value]) => [
      name,
      value.startsWith('${artifact.') ? '*' : expandText(value, scope),
    ]),
  )
}
