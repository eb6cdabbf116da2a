# What all environments share; envs/ has what differs.
project    = "koneksi"
aws_region = "ap-southeast-1"
