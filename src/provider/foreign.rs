//! Arguments of the provider block of hashicorp/aws that have no effect here.
//!
//! Provider blocks are copied unchanged, for example one for an emulator with dozens of endpoints. So all of their
//! arguments are accepted.

use crate::diag::{Diagnostic, Diagnostics};
use crate::value::{Path, Value};

/// Arguments that change the behavior of hashicorp/aws for such resources. They are accepted with a warning.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("tag_policy_compliance", "tag policies are checked by AWS only"),
    ("token_bucket_rate_limiter_capacity", "the rate of calls is limited only after AWS has throttled one"),
];

/// Keys of the `endpoints` block of hashicorp/aws 5.100 and 6 for services that this
/// provider does not call (guide "Custom Service Endpoint Configuration").
#[rustfmt::skip]
pub(super) const ENDPOINTS: &[&str] = &[
    "accessanalyzer", "account", "accountaccess", "acm", "acmpca", "agentregistry", "amg", "amp",
    "amplify", "apigateway", "apigatewayv2", "appautoscaling", "appconfig", "appfabric", "appflow",
    "appintegrations", "appintegrationsservice", "applicationautoscaling", "applicationinsights",
    "applicationsignals", "appmesh", "appregistry", "apprunner", "appstream", "appsync", "arcregionswitch",
    "arczonalshift", "athena", "auditmanager", "autoscaling", "autoscalingplans", "backup", "batch",
    "bcmdataexports", "beanstalk", "bedrock", "bedrockagent", "bedrockagentcore", "bedrockruntime",
    "billing", "budgets", "ce", "chatbot", "chime", "chimesdkmediapipelines", "chimesdkvoice",
    "cleanrooms", "cloud9", "cloudcontrol", "cloudcontrolapi", "cloudformation", "cloudfront",
    "cloudfrontkeyvaluestore", "cloudhsm", "cloudhsmv2", "cloudsearch", "cloudtrail", "cloudwatchevents",
    "cloudwatchevidently", "cloudwatchobservabilityaccessmanager", "cloudwatchrum", "codeartifact",
    "codebuild", "codecatalyst", "codecommit", "codeconnections", "codedeploy", "codeguruprofiler",
    "codegurureviewer", "codepipeline", "codestarconnections", "codestarnotifications", "cognitoidentity",
    "cognitoidentityprovider", "cognitoidp", "comprehend", "computeoptimizer", "config", "configservice",
    "connect", "connectcases", "controltower", "costandusagereportservice", "costexplorer",
    "costoptimizationhub", "cur", "customerprofiles", "databasemigration", "databasemigrationservice",
    "databrew", "dataexchange", "datapipeline", "datasync", "datazone", "dax", "deploy", "detective",
    "devicefarm", "devopsagent", "devopsguru", "directconnect", "directoryservice", "directoryservicedata",
    "dlm", "dms", "docdb", "docdbelastic", "drs", "ds", "dsql", "dynamodb", "ecr", "ecrpublic", "ecs",
    "efs", "eks", "elasticbeanstalk", "elasticloadbalancing", "elasticloadbalancingv2", "elasticsearch",
    "elasticsearchservice", "elastictranscoder", "elb", "elbv2", "emr", "emrcontainers", "emrserverless",
    "es", "eventbridge", "eventbridgev2", "events", "evidently", "evs", "finspace", "firehose", "fis",
    "fms", "fsx", "gamelift", "glacier", "globalaccelerator", "glue", "gluedatabrew", "grafana",
    "greengrass", "groundstation", "guardduty", "healthlake", "iam", "identitystore", "imagebuilder",
    "inspector", "inspector2", "inspectorv2", "interconnect", "internetmonitor", "invoicing", "iot",
    "iotanalytics", "iotevents", "ivs", "ivschat", "kafka", "kafkaconnect", "kendra", "keyspaces",
    "kinesis", "kinesisanalytics", "kinesisanalyticsv2", "kinesisvideo", "kms", "lakeformation", "lambda",
    "lambdacore", "lambdamicrovms", "launchwizard", "lex", "lexmodelbuilding", "lexmodelbuildingservice",
    "lexmodels", "lexmodelsv2", "lexv2models", "licensemanager", "lightsail", "location",
    "locationservice", "lookoutmetrics", "m2", "macie2", "mailmanager", "managedgrafana", "mediaconnect",
    "mediaconvert", "medialive", "mediapackage", "mediapackagev2", "mediapackagevod", "mediastore",
    "memorydb", "mgn", "mpa", "mq", "msk", "mwaa", "mwaaserverless", "neptune", "neptunegraph",
    "networkfirewall", "networkflowmonitor", "networkmanager", "networkmonitor", "networksecuritymanager",
    "notifications", "notificationscontacts", "oam", "observabilityadmin", "odb", "opensearch",
    "opensearchingestion", "opensearchserverless", "opensearchservice", "opsworks", "organizations",
    "osis", "outposts", "paymentcryptography", "pcaconnectorad", "pcs", "pinpoint", "pinpointsmsvoicev2",
    "pipes", "polly", "pricing", "prometheus", "prometheusservice", "qbusiness", "qldb", "quicksight",
    "ram", "rbin", "rds", "rdsdata", "rdsdataservice", "recyclebin", "redshift", "redshiftdata",
    "redshiftdataapiservice", "redshiftserverless", "rekognition", "resiliencehub", "resiliencehubv2",
    "resourceexplorer2", "resourcegroups", "rolesanywhere", "route53", "route53domains", "route53profiles",
    "route53recoverycontrolconfig", "route53recoveryreadiness", "route53resolver", "rum", "s3", "s3api",
    "s3control", "s3files", "s3outposts", "s3tables", "s3vectors", "sagemaker", "savingsplans",
    "scheduler", "schemas", "sdb", "securityhub", "securitylake", "serverlessapplicationrepository",
    "serverlessapprepo", "serverlessrepo", "servicecatalog", "servicecatalogappregistry",
    "servicediscovery", "servicequotas", "ses", "sesv2", "sfn", "shield", "signer", "simpledb", "sns",
    "sqs", "ssmcontacts", "ssmincidents", "ssmquicksetup", "ssmsap", "sso", "ssoadmin", "stepfunctions",
    "storagegateway", "swf", "synthetics", "taxsettings", "timestreaminfluxdb", "timestreamquery",
    "timestreamwrite", "transcribe", "transcribeservice", "transfer", "uxc", "verifiedpermissions",
    "vpclattice", "waf", "wafregional", "wafv2", "wellarchitected", "worklink", "workmail", "workspaces",
    "workspacesweb", "xray",
];

/// One warning that names each argument without effect; none where none is given.
pub(super) fn warn(config: &Value, diags: &mut Diagnostics) {
    let is_given = |name: &str| match config.get(name) {
        Value::Null | Value::Unknown => false,
        Value::String(text) => !text.is_empty() && text != "disabled",
        _ => true,
    };
    let given: Vec<_> = WITHOUT_EFFECT.iter().filter(|(name, _)| is_given(name)).collect();
    let Some((first, _)) = given.first() else { return };
    let reasons: Vec<String> = given.iter().map(|(name, reason)| format!("`{name}`: {reason}.")).collect();
    diags.push(
        Diagnostic::warning(
            "Arguments without effect",
            format!(
                "The provider block has arguments of hashicorp/aws that this provider ignores. Remove them, or keep them for \
                 compatibility. {}",
                reasons.join(" ")
            ),
        )
        .at(Path::attribute(*first)),
    );
}
