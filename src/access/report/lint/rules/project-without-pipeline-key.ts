/** A CodeBuild project that does not encrypt with the pipeline's key. */
import { formatArn, parseArn } from '../../../../model/index.ts'
import { namedThings, storeIn, workerOf } from '../../../../pipeline/index.ts'
import { findKey } from '../../../landscape/find-key.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

/** AWS: CodeBuild encrypts outputs with the project's own key and ignores the artifact store's. */
export const projectWithoutPipelineKey: LintRule = {
  id: 'project-without-pipeline-key',
  summary: 'A build project whose output artifacts are not encrypted with the pipeline’s key.',
  find: ({ landscape }) =>
    landscape.pipelines.flatMap(({ declaration, account, region: home }) =>
      declaration.stages
        .flatMap((stage) => stage.actions)
        .filter(
          ({ actionTypeId, outputArtifacts }) =>
            workerOf(actionTypeId) === 'build' && outputArtifacts?.length,
        )
        .flatMap(({ actionTypeId, configuration, region = home, roleArn }): FindingDetails[] => {
          const owner = parseArn(roleArn ?? '')?.account ?? account
          const name = namedThings(actionTypeId, configuration).project ?? ''
          const project = landscape.projects.get(formatArn('codebuild', region, owner, `project/${name}`))
          const store = storeIn(declaration, region, home)
          const wanted = findKey(store?.encryptionKey?.id, { account, region }, landscape)
          if (!project || !wanted) return []
          const own = findKey(project.encryptionKey, project, landscape)
          if (own?.arn === wanted.arn) return []
          return [
            {
              severity: 'warning',
              message: own
                ? `the project ${name} encrypts with ${own.arn}, the pipeline ${declaration.name} with ${wanted.arn}`
                : `the project ${name} has no EncryptionKey: its artifacts are encrypted with aws/s3, which no other account can use`,
              fix: `set EncryptionKey of the project to ${wanted.arn}`,
              origin: project.origin,
            },
          ]
        }),
    ),
}
