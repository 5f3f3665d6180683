/** The project by which a pipeline updates itself from its fleet file, before it builds anything. */
import { type FleetBuild, type FleetPipeline, type FleetSelfUpdate, UPDATE_STAGE } from '../fleet/index.ts'
import { packageVersion, type StageDeclaration } from '../model/index.ts'
import { provider } from '../pipeline/index.ts'
import type { Names } from './names.ts'

/** AWS: of CodeBuild's standard image; Crossdock runs on it and on what came before. */
const NODE = 22

/** Gives the stage; none where the pipeline does not follow its file. */
export const updateStage = ({ id, selfUpdate }: FleetPipeline, names: Names): StageDeclaration[] =>
  selfUpdate
    ? [
        {
          name: UPDATE_STAGE,
          actions: [
            {
              name: UPDATE_STAGE,
              actionTypeId: provider.codeBuild.type,
              configuration: { ProjectName: names.project(id, 'update') },
              inputArtifacts: [{ name: selfUpdate.artifact }],
            },
          ],
        },
      ]
    : []

/**
 * Gives what its builds do. A `crossdock` that is there is used, as the embedded cloud puts one into its builds; AWS's images
 * have none, and get the version that made the pipeline.
 */
export const updateBuild = (id: string, { artifact, file }: FleetSelfUpdate): FleetBuild => ({
  inputs: [artifact],
  commands: [
    // What a fleet file in TypeScript imports comes with its repository.
    ...(/\.[cm]?[jt]s$/.test(file) ? ['[ ! -f package-lock.json ] || npm ci'] : []),
    `command -v crossdock || npm install --global crossdock@${packageVersion()}`,
    `crossdock deploy --self-update '${id}' --fleet '${file}'`,
  ],
  runtimes: { nodejs: NODE },
  ...{ environment: {}, secrets: {}, parameters: {}, permissions: [] },
  image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
  compute: 'BUILD_GENERAL1_SMALL',
  timeout: 60,
  privileged: false,
})
