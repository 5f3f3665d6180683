/** Source from a repository behind a connection: GitHub, GitLab, Bitbucket. */
import { type Need, parseArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import { sourceArtifactNeeds } from '../source-artifact-needs.ts'
import type { ActionSurroundings } from '../surroundings.ts'

export const codeStarSourceConnection: ActionProvider = {
  type: awsAction('Source', 'CodeStarSourceConnection'),
  inputs: between(0, 0),
  outputs: between(1, 1),
  configuration: {
    ConnectionArn: { required: true, names: 'connection' },
    FullRepositoryId: { required: true, names: 'hostedRepository' },
    BranchName: { required: true, names: 'branch' },
    OutputArtifactFormat: { values: ['CODE_ZIP', 'CODEBUILD_CLONE_REF'] },
    DetectChanges: { values: ['true', 'false'] },
  },
  variables: ['AuthorDate', 'BranchName', 'CommitId', 'CommitMessage', 'ConnectionArn', 'FullRepositoryName'],
  starts: { by: 'connection', listening: 'DetectChanges', watches: ['FullRepositoryId', 'BranchName'] },
  revisions: ['COMMIT_ID'],
  check: (action) => {
    const id = action.configuration?.FullRepositoryId
    return id && !id.includes('#{') && !/^[^/\s]+(\/[^/\s]+)+$/.test(id)
      ? [`FullRepositoryId is "${id}" but must have the form owner/repository`]
      : []
  },
  // AWS: "Add CodeBuild GitClone permissions for connections …" (Troubleshooting CodePipeline); CDK grants the same.
  clone: (around, principal) =>
    around.value('OutputArtifactFormat') === 'CODEBUILD_CLONE_REF'
      ? connectionNeeds(around, principal, 'to clone the repository in a build')
      : undefined,
  needs: (around) => {
    return [
      ...connectionNeeds(around, around.role, 'to fetch commits through the connection'),
      // AWS: what a connection fetches is stored with an ACL; without s3:PutObjectAcl the upload fails (aws/aws-cdk#13557).
      ...sourceArtifactNeeds(around, 'always'),
    ]
  },
}

/**
 * AWS: the action's prefix follows the ARN's, which is the service's name when the connection was made. "Service role
 * permissions: CodeConnections action" asks for both; CDK grants one, and its pipelines run.
 */
function connectionNeeds({ value }: ActionSurroundings, principal: string, because: string): Need[] {
  const connection = value('ConnectionArn')
  const use = (prefix: string) =>
    needAll(principal, [`${prefix}:UseConnection`], connection, because, {
      [`${prefix}:FullRepositoryId`]: value('FullRepositoryId'),
    })
  const isNew = parseArn(connection)?.service === 'codeconnections'
  const [own, other] = isNew
    ? ['codeconnections', 'codestar-connections']
    : ['codestar-connections', 'codeconnections']
  return [...use(own!), ...optionally(use(other!))]
}
