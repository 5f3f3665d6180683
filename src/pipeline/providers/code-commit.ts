/** Source from a CodeCommit repository. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'
import { sourceArtifactNeeds } from '../source-artifact-needs.ts'

const ACTIONS = ['GetBranch', 'GetCommit', 'UploadArchive', 'GetUploadArchiveStatus', 'CancelUploadArchive']

export const codeCommit: ActionProvider = {
  type: awsAction('Source', 'CodeCommit'),
  inputs: between(0, 0),
  outputs: between(1, 1),
  configuration: {
    RepositoryName: { required: true },
    BranchName: { required: true },
    PollForSourceChanges: { values: ['true', 'false'] },
    OutputArtifactFormat: { values: ['CODE_ZIP', 'CODEBUILD_CLONE_REF'] },
  },
  variables: ['AuthorDate', 'BranchName', 'CommitId', 'CommitMessage', 'CommitterDate', 'RepositoryName'],
  starts: { by: 'rule', polling: 'PollForSourceChanges' },
  revisions: ['COMMIT_ID'],
  needs: (around) => {
    const { role, account, region, value } = around
    const actions =
      value('OutputArtifactFormat') === 'CODEBUILD_CLONE_REF' ? [...ACTIONS, 'GetRepository'] : ACTIONS
    return [
      ...needAll(
        role,
        actions.map((action) => `codecommit:${action}`),
        formatArn('codecommit', region, account, value('RepositoryName')),
        'to fetch commits from the repository',
      ),
      ...sourceArtifactNeeds(around),
    ]
  },
}
