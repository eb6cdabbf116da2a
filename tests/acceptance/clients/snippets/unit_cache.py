from django.core.cache import cache
cache.set('test', 'hello', 300)
print(cache.get('test'))  # Should output: hello
