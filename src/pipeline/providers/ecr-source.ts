/** Source from an image in an ECR repository. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'
import { sourceArtifactNeeds } from '../source-artifact-needs.ts'
import { recordedCall, serviceEvent } from '../source-event.ts'

/** AWS: "Amazon ECR source action reference" names ecr:DescribeImages alone; imageDetail.json is written as an artifact. */
export const ecrSource: ActionProvider = {
  type: awsAction('Source', 'ECR'),
  inputs: between(0, 0),
  outputs: between(1, 1),
  configuration: { RepositoryName: { required: true, names: 'imageRepository' }, ImageTag: {} },
  variables: ['ImageDigest', 'ImageTag', 'ImageURI', 'RegistryId', 'RepositoryName'],
  // AWS: images are never polled for.
  starts: {
    by: 'rule',
    watches: ['RepositoryName', 'ImageTag'],
    // AWS: "Amazon ECR events and EventBridge": the event of a completed push, and the call behind it.
    events: ({ RepositoryName: name, ImageTag: tag = 'latest' }) => [
      serviceEvent(
        'aws.ecr',
        'ECR Image Action',
        {
          resources: [],
          detail: { 'action-type': 'PUSH', result: 'SUCCESS', 'repository-name': name, 'image-tag': tag },
        },
        ['image-digest', 'manifest-media-type', 'artifact-media-type'],
      ),
      recordedCall('aws.ecr', {
        eventSource: 'ecr.amazonaws.com',
        eventName: 'PutImage',
        requestParameters: { repositoryName: name, imageTag: tag },
      }),
    ],
  },
  revisions: ['IMAGE_DIGEST'],
  needs: (around) => {
    const { role, account, region, value } = around
    const repository = formatArn('ecr', region, account, `repository/${value('RepositoryName')}`)
    return [
      ...needAll(role, ['ecr:DescribeImages'], repository, 'to look up the image'),
      ...sourceArtifactNeeds(around),
    ]
  },
}
