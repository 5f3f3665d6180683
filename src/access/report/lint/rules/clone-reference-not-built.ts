/** An artifact that is a reference to its repository, read by an action that is no build. */
import { clonedSource, workerOf } from '../../../../pipeline/index.ts'
import { surroundingsOf } from '../../../landscape/surroundings.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

/**
 * AWS: "Attempting to pass a Git URL reference to non-CodeBuild actions results in an error"
 * ("CodeStarSourceConnection … actions").
 */
export const cloneReferenceNotBuilt: LintRule = {
  id: 'clone-reference-not-built',
  summary: 'An action other than CodeBuild reads an artifact that is a reference to its repository.',
  find: ({ landscape }) =>
    landscape.pipelines.flatMap((pipeline) => {
      const { declaration, origin } = pipeline
      const surroundings = surroundingsOf(pipeline, landscape)
      return declaration.stages.flatMap(({ name: stage, actions }) =>
        actions.flatMap(({ name, actionTypeId, inputArtifacts = [] }) => {
          if (workerOf(actionTypeId) === 'build') return []
          return inputArtifacts.flatMap(({ name: artifact }): FindingDetails[] => {
            const source = clonedSource(declaration, artifact, surroundings)
            if (!source) return []
            return [
              {
                severity: 'error',
                message: `the action ${stage} › ${name} of ${declaration.name} reads the artifact ${artifact}, which is a reference to the repository of ${source.name}: only builds can read that`,
                fix: `leave out OutputArtifactFormat of ${source.name}, or have a build hand the files on`,
                origin,
              },
            ]
          })
        }),
      )
    }),
}
