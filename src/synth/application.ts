/** The application's templates of one pipeline: their capabilities, and what CloudFormation needs for them. */
import { resolve } from 'node:path'
import {
  type CloudFormationDeploy,
  expandText,
  type Fleet,
  type FleetPipeline,
  type FleetStage,
  stackName,
} from '../fleet/index.ts'
import { FleetError, type Need, type SourceLocation, type Template } from '../model/index.ts'
import { stageScope } from './declare-pipeline.ts'
import type { Names } from './names.ts'
import { capabilitiesOf, readTemplate } from './permissions/application-template.ts'
import { executionNeeds } from './permissions/execution-needs.ts'

/** Reads each template file once for a whole synthesis and gathers what is wrong with them. */
export class Applications {
  readonly errors: FleetError[] = []
  readonly warnings: FleetError[] = []
  readonly #fleet: Fleet
  readonly #names: Names
  readonly #templates = new Map<string, Template | undefined>()
  readonly #complained = new Set<string>()

  constructor(fleet: Fleet, names: Names) {
    this.#fleet = fleet
    this.#names = names
  }

  /** Capabilities of a stage's deploy, comma separated; all that there are when its template is not at hand. */
  capabilities(pipeline: FleetPipeline, stage: FleetStage, index: number, region: string): string {
    const deploy = stage.deploys[index]!
    if (!('cloudformation' in deploy.configuration)) return ''
    const template = this.#template(
      pipeline,
      stage,
      region,
      deploy.configuration.cloudformation,
      deploy.location,
    )
    return template ? capabilitiesOf(template).join(',') : 'CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND'
  }

  /** What the CloudFormation roles of a pipeline need, over all its stages and regions. */
  needs(pipeline: FleetPipeline): Need[] {
    return pipeline.stages.flatMap((stage) =>
      stage.regions.flatMap((region) =>
        stage.deploys.flatMap(({ configuration, location }) =>
          'cloudformation' in configuration && !configuration.cloudformation.permissions
            ? this.#stackNeeds(pipeline, stage, region, configuration.cloudformation, location)
            : [],
        ),
      ),
    )
  }

  #stackNeeds(
    pipeline: FleetPipeline,
    stage: FleetStage,
    region: string,
    deploy: CloudFormationDeploy,
    location: SourceLocation,
  ): readonly Need[] {
    const template = this.#template(pipeline, stage, region, deploy, location)
    if (!template) return []
    const scope = stageScope(this.#fleet, pipeline, stage, region)
    const { account } = stage.environment
    const { needs, unknownTypes } = executionNeeds(
      this.#names.roleArn(account, pipeline.id, 'cloudformation'),
      {
        template,
        parameters: knownParameters(deploy, scope),
        account,
        region,
        stack: stackName(deploy, scope),
      },
    )
    for (const type of unknownTypes)
      this.#once(`${location.line}:${type}`, () =>
        this.warnings.push(
          new FleetError(`no known permissions for ${type}`, {
            location,
            fix: 'list what CloudFormation may do under `permissions:` of the deploy',
          }),
        ),
      )
    return needs
  }

  /** The template that the permissions are computed from, read beside the fleet file. */
  #template(
    pipeline: FleetPipeline,
    stage: FleetStage,
    region: string,
    deploy: CloudFormationDeploy,
    location: SourceLocation,
  ): Template | undefined {
    const scope = stageScope(this.#fleet, pipeline, stage, region)
    const name = expandText(deploy.permissionsFrom ?? deploy.template, scope)
    const path = resolve(this.#fleet.directory, name)
    if (!this.#templates.has(path)) this.#templates.set(path, this.#read(path, name, location))
    const template = this.#templates.get(path)
    if (!template && !deploy.permissions)
      this.#once(`${location.line}:${path}`, () =>
        this.errors.push(
          new FleetError(`the template ${name} is not beside the fleet file`, {
            location,
            fix: 'if the build writes it, name the file it is made from with `permissionsFrom:`, or list `permissions:`',
          }),
        ),
      )
    return template
  }

  #read(path: string, name: string, location: SourceLocation): Template | undefined {
    try {
      return readTemplate(path)
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
function knownParameters(
  deploy: CloudFormationDeploy,
  scope: Parameters<typeof expandText>[1],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deploy.parameters).map(([name, value]) => [
      name,
      value.startsWith('${artifact.') ? '*' : expandText(value, scope),
    ]),
  )
}
