/** Source from GitHub by an OAuth token: the action's version 1, which connections have followed. */
import { type ActionProvider, between } from '../provider.ts'
import { sourceArtifactNeeds } from '../source-artifact-needs.ts'

/** AWS: CodePipeline User Guide, "GitHub (via OAuth app) source action reference"; the token is shown masked. */
export const githubSource: ActionProvider = {
  type: { category: 'Source', owner: 'ThirdParty', provider: 'GitHub', version: '1' },
  inputs: between(0, 0),
  outputs: between(1, 1),
  configuration: {
    Owner: { required: true },
    Repo: { required: true },
    Branch: { required: true },
    OAuthToken: { required: true, secret: true },
    PollForSourceChanges: { values: ['true', 'false'] },
  },
  variables: [
    'AuthorDate',
    'BranchName',
    'CommitId',
    'CommitMessage',
    'CommitterDate',
    'CommitUrl',
    'RepositoryName',
  ],
  starts: { by: 'webhook', polling: 'PollForSourceChanges', watches: ['Owner', 'Repo', 'Branch'] },
  revisions: ['COMMIT_ID'],
  needs: (around) => sourceArtifactNeeds(around),
}
