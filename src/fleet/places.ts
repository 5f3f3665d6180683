/** Where the stages of a pipeline work: environments that a stage names → accounts and regions, with the values there. */
import { type Environment, FleetError, nearest } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetPlace } from './fleet.ts'
import type { FleetFileOutput } from './schema.ts'
import { nearestValues, type Values } from './values.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]

/** What a stage says of where it works. */
export interface PlacedStage {
  readonly environments: readonly string[]
  /** Absent: all regions of the environments. */
  readonly regions?: readonly string[]
  readonly values?: Values
}

export class Places {
  readonly #file: FleetFileOutput
  readonly #environments: ReadonlyMap<string, Environment>
  readonly #document: FleetDocument
  readonly #errors: FleetError[]

  constructor(
    file: FleetFileOutput,
    environments: readonly Environment[],
    document: FleetDocument,
    errors: FleetError[],
  ) {
    this.#file = file
    this.#environments = new Map(environments.map((one) => [one.name, one]))
    this.#document = document
    this.#errors = errors
  }

  /** Gives the environments that a stage names: those that there are. `path` is the stage's. */
  environments({ environments }: PlacedStage, path: DataPath): Environment[] {
    return environments.flatMap((name, index) => {
      const found = this.#environments.get(name)
      if (!found) this.#noEnvironment(name, [...path, 'environment', index])
      else if (environments.indexOf(name) === index) return found
      else this.#complain([...path, 'environment', index], `\`${name}\` stands twice here`, 'take one out')
      return []
    })
  }

  /** Gives every account in every region of the stage that the environment has, the accounts one after another. */
  of(stage: PlacedStage, environments: readonly Environment[], pipeline: PipelineFile): FleetPlace[] {
    return environments.flatMap((environment) => {
      const regions =
        stage.regions?.filter((region) => environment.regions.includes(region)) ?? environment.regions
      const valued = regions.map((region) => ({
        region,
        values: this.values(environment.name, region, pipeline, stage.values),
      }))
      return environment.accounts.flatMap(({ account, name, home }) =>
        valued.map((one) => ({
          environment: environment.name,
          account,
          accountName: name,
          home,
          ...one,
        })),
      )
    })
  }

  /** Gives the values in a region of an environment; the hub has none of its own. */
  values(name: string, region: string, pipeline: PipelineFile, own?: Values): Values {
    const environment = this.#file.environments[name]
    const ofRegion =
      environment && !Array.isArray(environment.regions) ? environment.regions[region] : undefined
    return nearestValues([this.#file.values, pipeline.values, environment?.values, ofRegion, own])
  }

  /** Complains of regions of a stage that its environments do not have. */
  checkRegions(stage: PlacedStage, environments: readonly Environment[], path: DataPath): void {
    const { regions } = stage
    if (!regions || !environments.length) return
    const names = environments.map(({ name }) => `\`${name}\``).join(', ')
    const known = [...new Set(environments.flatMap((one) => one.regions))]
    for (const [index, region] of regions.entries())
      if (!known.includes(region))
        this.#complain(
          [...path, 'regions', index],
          `environment ${names} has no region ${region}`,
          `use one of ${known.join(', ')}, or add it to the environment`,
        )
    for (const environment of environments)
      if (environments.length > 1 && !environment.regions.some((region) => regions.includes(region)))
        this.#complain(
          [...path, 'regions'],
          `environment \`${environment.name}\` has none of these regions`,
          `add one of ${environment.regions.join(', ')}, or take the environment out`,
        )
  }

  #noEnvironment(name: string, path: DataPath): void {
    const names = [...this.#environments.keys()]
    const meant = nearest(name, names)
    this.#complain(
      path,
      `there is no environment \`${name}\``,
      meant ? `write \`${meant}\`` : `use one of ${names.join(', ')}, or add it under \`environments\``,
    )
  }

  #complain(path: DataPath, what: string, fix: string): void {
    this.#errors.push(new FleetError(what, { location: this.#document.locate(path), fix }))
  }
}
