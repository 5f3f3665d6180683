/** Builds of a fleet's pipeline → the actions of its stage Build, and of the tests of stages. */
import type { FleetBuild, FleetPipeline, FleetStage, FleetTest } from '../fleet/index.ts'
import type { ActionDeclaration, Arn, Target } from '../model/index.ts'
import { provider } from '../pipeline/index.ts'
import type { Names } from './names.ts'
import { placeIn } from './outputs.ts'

/** Gives an action of each build: side by side, save where one comes after another. */
export const declareBuilds = (pipeline: FleetPipeline, names: Names): ActionDeclaration[] =>
  pipeline.builds.map((build) => ({
    name: build.key ?? 'Build',
    actionTypeId: provider.codeBuild.type,
    ...onProject(build, names.project(pipeline.id, 'build', build.key), {
      // AWS: what the builds of a batch leave behind is one artifact when it is combined, else named for each of them.
      ...(build.batch && {
        BatchEnabled: 'true',
        ...(build.outputs.length === 1 && { CombineArtifacts: 'true' }),
      }),
    }),
    outputArtifacts: build.outputs.map((output) => ({ name: output })),
    ...(build.step > 0 && { runOrder: build.step + 1 }),
    namespace: build.key ? `Build-${build.key}` : 'Build',
  }))

/** Gives the actions of a test: one in the hub, or one in each place of its stage, as the role there. */
export function testActions(
  test: FleetTest,
  stage: FleetStage,
  project: string,
  roleIn: (place: Target) => Arn,
): ActionDeclaration[] {
  const action = (name: string): ActionDeclaration => ({
    name,
    actionTypeId: provider.codeBuildTest.type,
    ...onProject(test, project),
  })
  if (test.runsIn === 'hub') return [action(test.name)]
  return stage.places.map((place) => ({
    ...action(stage.places.length > 1 ? `${test.name}-${placeIn(stage, place)}` : test.name),
    roleArn: roleIn(place),
    region: place.region,
  }))
}

/** AWS: of several inputs one is the primary, where the buildspec is looked for. */
const onProject = ({ inputs }: FleetBuild, project: string, further: Record<string, string> = {}) => ({
  configuration: {
    ProjectName: project,
    ...(inputs.length > 1 && { PrimarySource: inputs[0]! }),
    ...further,
  },
  inputArtifacts: inputs.map((name) => ({ name })),
})
