/** Builds of a fleet's pipeline → the actions of its stage Build, and of the tests of stages. */
import type { FleetBuild, FleetPipeline } from '../fleet/index.ts'
import type { ActionDeclaration } from '../model/index.ts'
import { provider } from '../pipeline/index.ts'
import type { Names } from './names.ts'

/** Gives an action of each build: side by side, save where one comes after another. */
export const declareBuilds = (pipeline: FleetPipeline, names: Names): ActionDeclaration[] =>
  pipeline.builds.map((build) => {
    const name = build.key ?? 'Build'
    return {
      name,
      actionTypeId: provider.codeBuild.type,
      ...onProject(build, names.project(pipeline.id, 'build', build.key)),
      outputArtifacts: build.outputs.map((output) => ({ name: output })),
      ...(build.step > 0 && { runOrder: build.step + 1 }),
      namespace: build.key ? `Build-${build.key}` : 'Build',
    }
  })

/** Gives the action of a test, in its stage. */
export const testAction = (name: string, test: FleetBuild, project: string): ActionDeclaration => ({
  name,
  actionTypeId: provider.codeBuildTest.type,
  ...onProject(test, project),
})

/** AWS: of several inputs one is the primary, where the buildspec is looked for. */
const onProject = ({ inputs }: FleetBuild, project: string) => ({
  configuration: {
    ProjectName: project,
    ...(inputs.length > 1 && { PrimarySource: inputs[0]! }),
  },
  inputArtifacts: inputs.map((name) => ({ name })),
})
