"""The `aws` of the tests: the commands of the documents, by the API model that the AWS CLI uses.

It has what those commands need of the AWS CLI: `aws SERVICE OPERATION` with options of every
type, lists and `Key=…,Value=…` included, and --region, --query and --output. An option that is
missing or unknown is an error, as there. botocore and jmespath come with boto3.
"""

import json
import os
import sys

import botocore.session
import jmespath
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

OURS = {"region", "query", "output"}


def options(arguments):
    """Options by name; each has the words after it, up to the next option."""
    found, name = {}, None
    for argument in arguments:
        if argument.startswith("--"):
            name = argument[2:]
            found[name] = []
        elif name is None:
            sys.exit(f"aws: unknown argument {argument}")
        else:
            found[name].append(argument)
    return found


def value(shape, words):
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "list":
        return [value(shape.member, [word]) for word in words]
    if len(words) != 1:
        sys.exit(f"aws: expected one argument, but found {len(words)}")
    (word,) = words
    if shape.type_name in ("integer", "long"):
        return int(word)
    if shape.type_name == "structure":
        parts = dict(part.split("=", 1) for part in word.split(","))
        unknown = parts.keys() - shape.members.keys()
        if unknown:
            sys.exit(f"aws: unknown keys {sorted(unknown)}")
        return {name: value(shape.members[name], [text]) for name, text in parts.items()}
    return word


def parameters(model, given):
    known = model.input_shape.members if model.input_shape else {}
    by_option = {xform_name(name, "-"): name for name in known}
    result = {}
    for option, words in given.items():
        if option in OURS:
            continue
        # The beginning of one option's name stands for it.
        alike = [name for name in by_option if name.startswith(option)]
        option = alike[0] if option not in by_option and len(alike) == 1 else option
        if option not in by_option and option.removeprefix("no-") in by_option:
            result[by_option[option.removeprefix("no-")]] = False
        elif option not in by_option:
            sys.exit(f"aws: Unknown options: --{option}")
        else:
            result[by_option[option]] = value(known[by_option[option]], words)
    missing = [name for name in model.input_shape.required_members if name not in result]
    if missing:
        names = ", ".join("--" + xform_name(name, "-") for name in missing)
        print(f"aws: error: the following arguments are required: {names}", file=sys.stderr)
        sys.exit(252)
    return result


def main(service, operation, *arguments):
    given = options(arguments)
    region = given.get("region", [None])[0] or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not region:
        sys.exit("aws: You must specify a region. You can also configure your region by running \"aws configure\".")
    client = botocore.session.get_session().create_client(service, region_name=region)
    names = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
    model = client.meta.service_model.operation_model(names[operation])
    answer = client._make_api_call(names[operation], parameters(model, given))
    answer.pop("ResponseMetadata", None)
    if "query" in given:
        answer = jmespath.search(given["query"][0], answer)
    if given.get("output") == ["text"]:
        print("None" if answer is None else answer)
    else:
        print(json.dumps(answer, indent=4, default=str))


try:
    main(*sys.argv[1:])
except (BotoCoreError, ClientError) as error:
    print(f"aws: {error}", file=sys.stderr)
    sys.exit(254)
