"""The module that CloudFormation puts beside inline Python code: tells it how a custom resource went."""
import json
import urllib.request

SUCCESS = 'SUCCESS'
FAILED = 'FAILED'


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = json.dumps({
        'Status': responseStatus,
        'Reason': reason or 'See the details in CloudWatch Log Stream: %s' % context.log_stream_name,
        'PhysicalResourceId': physicalResourceId or context.log_stream_name,
        'StackId': event['StackId'],
        'RequestId': event['RequestId'],
        'LogicalResourceId': event['LogicalResourceId'],
        'NoEcho': noEcho,
        'Data': responseData,
    }).encode()
    request = urllib.request.Request(event['ResponseURL'], data=body, headers={'content-type': ''}, method='PUT')
    try:
        with urllib.request.urlopen(request):
            pass
    except OSError as error:
        print('cfnresponse could not answer: %s' % error)
