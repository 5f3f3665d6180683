/** Source from a repository behind a connection: GitHub, GitLab, Bitbucket. */
import { parseArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between } from '../provider.ts'
import { sourceArtifactNeeds } from '../source-artifact-needs.ts'

export const codeStarSourceConnection: ActionProvider = {
  type: awsAction('Source', 'CodeStarSourceConnection'),
  inputs: between(0, 0),
  outputs: between(1, 1),
  configuration: {
    ConnectionArn: { required: true, names: 'connection' },
    FullRepositoryId: { required: true },
    BranchName: { required: true },
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
  needs: (around) => {
    const connection = around.value('ConnectionArn')
    return [
      {
        principal: around.role,
        action: useConnection(connection),
        resource: connection,
        context: { [`${prefix(connection)}:FullRepositoryId`]: around.value('FullRepositoryId') },
        because: 'to fetch commits through the connection',
      },
      ...sourceArtifactNeeds(around),
    ]
  },
}

/** AWS: the action's prefix follows the ARN's, which is the service's name when the connection was made. */
const prefix = (connection: string): string =>
  parseArn(connection)?.service === 'codeconnections' ? 'codeconnections' : 'codestar-connections'

const useConnection = (connection: string): string => `${prefix(connection)}:UseConnection`
