import redis
import json
import boto3
from functools import lru_cache

@lru_cache(maxsize=1)
def get_redis_client():
    # Get auth token from Secrets Manager
    secrets_client = boto3.client('secretsmanager')
    secret = secrets_client.get_secret_value(SecretId=os.environ['REDIS_AUTH_SECRET'])
    config = json.loads(secret['SecretString'])
    
    return redis.Redis(
        host=config['host'],
        port=config['port'],
        password=config['auth_token'],
        ssl=True,
        decode_responses=True,
        socket_keepalive=True,
        socket_connect_timeout=5,
        socket_timeout=5
    )

def lambda_handler(event, context):
    redis_client = get_redis_client()
    
    # Try cache first
    cache_key = f"analytics:{customer_id}:{date_range}"
    cached = redis_client.get(cache_key)
    
    if cached:
        return json.loads(cached)
    
    # Cache miss - fetch from database
    result = query_database(customer_id, date_range)
    
    # Store in cache (5 minute TTL)
    redis_client.setex(cache_key, 300, json.dumps(result))
    
    return result
